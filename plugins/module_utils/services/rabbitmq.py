# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei Cloud RabbitMQ: background tasks of an instance (API reference "ShowBackgroundTask")."""

from __future__ import annotations

from .dms import dms

RABBITMQ = dms("rabbitmq", "Distributed Message Service (DMS) for RabbitMQ")
