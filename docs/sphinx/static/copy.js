/*
 * Copyright: cloudwait.jobs contributors
 * GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A button in every block of code that copies it. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const isChinese = document.documentElement.lang.startsWith("zh");
  const [copy, copied] = isChinese ? ["复制", "已复制"] : ["Copy", "Copied"];

  /* The clipboard is there for https only; a page from a file has the older way. */
  async function write(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text);
    }
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  for (const block of document.querySelectorAll("div.highlight")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await write(block.querySelector("pre").textContent);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    block.append(button);
  }
});
