# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that the cloud knows: invented, fixed, and worth nothing anywhere else."""

from __future__ import annotations

from dataclasses import dataclass

REGION = "cn-north-4"
PROJECT_ID = "0123456789abcdef0123456789abcdef"
OTHER_REGION = "eu-west-101"
OTHER_PROJECT_ID = "fedcba9876543210fedcba9876543210"
AMBIGUOUS_PROJECT_NAME = "ambiguous-1"
AMBIGUOUS_PROJECT_IDS = ("11111111111111111111111111111111", "22222222222222222222222222222222")

USER = "waiter"
USER_ID = "3b1f0c7de6c54a2f9d0c8f7a61e2b3c4"
PASSWORD = "Wait-4-the-Jobs!"
DOMAIN = "cloudwait-domain"
DOMAIN_ID = "d78cbac186b744899480f25bd022f468"

TOKEN = "MIIsimulatedTokenOfTheDefaultProject0001"
ACCESS_KEY = "SIMULATEDAK000000001"
SECRET_KEY = "SimulatedSecretKeyOfThePermanentPair0001"
TEMPORARY_ACCESS_KEY = "SIMULATEDTEMPAK00002"
TEMPORARY_SECRET_KEY = "SimulatedSecretKeyOfTheTemporaryPair0002"
SECURITY_TOKEN = "SimulatedSecurityToken/with+signs0002=="

UCLOUD_PUBLIC_KEY = "simulated+public/key=with@signs0003"
UCLOUD_PRIVATE_KEY = "simulatedPrivateKeyOfTheUCloudPair0003"
UCLOUD_TEMPORARY_PUBLIC_KEY = "simulatedTemporaryPublicKey0004"
UCLOUD_TEMPORARY_PRIVATE_KEY = "simulatedTemporaryPrivateKey0004"
UCLOUD_SECURITY_TOKEN = "simulatedUCloudSecurityToken0004"
UCLOUD_PROJECT_ID = "org-simulated"
UCLOUD_REGION = "cn-bj2"
UCLOUD_CITY_ID = "cn-beijing"


@dataclass(frozen=True)
class Project:
    """A Huawei Cloud project; its name is its region's."""

    id: str
    name: str


@dataclass(frozen=True)
class KeyPair:
    """An access key with its secret; ``security_token`` is set for a temporary one."""

    access_key: str
    secret_key: str
    security_token: str | None = None


PROJECTS = (
    Project(PROJECT_ID, REGION),
    Project(OTHER_PROJECT_ID, OTHER_REGION),
    Project(AMBIGUOUS_PROJECT_IDS[0], AMBIGUOUS_PROJECT_NAME),
    Project(AMBIGUOUS_PROJECT_IDS[1], AMBIGUOUS_PROJECT_NAME),
)
KEY_PAIRS = (
    KeyPair(ACCESS_KEY, SECRET_KEY),
    KeyPair(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, SECURITY_TOKEN),
)
# By public key: private key and security token.
UCLOUD_KEY_PAIRS = {
    UCLOUD_PUBLIC_KEY: (UCLOUD_PRIVATE_KEY, None),
    UCLOUD_TEMPORARY_PUBLIC_KEY: (UCLOUD_TEMPORARY_PRIVATE_KEY, UCLOUD_SECURITY_TOKEN),
}


def overview() -> str:
    """Return every credential with its value, a line each, for ``--help`` and the start page."""
    rows = {
        "user / password / domain": f"{USER} / {PASSWORD} / {DOMAIN}",
        "token": TOKEN,
        "access key / secret key": f"{ACCESS_KEY} / {SECRET_KEY}",
        "temporary pair": f"{TEMPORARY_ACCESS_KEY} / {TEMPORARY_SECRET_KEY}",
        "its security token": SECURITY_TOKEN,
        "project": f"{PROJECT_ID} ({REGION})",
        "other project": f"{OTHER_PROJECT_ID} ({OTHER_REGION})",
        "name of two projects": AMBIGUOUS_PROJECT_NAME,
        "UCloud public / private key": f"{UCLOUD_PUBLIC_KEY} / {UCLOUD_PRIVATE_KEY}",
        "UCloud temporary pair": f"{UCLOUD_TEMPORARY_PUBLIC_KEY} / {UCLOUD_TEMPORARY_PRIVATE_KEY}",
        "its UCloud security token": UCLOUD_SECURITY_TOKEN,
        "UCloud project / region / city": f"{UCLOUD_PROJECT_ID} / {UCLOUD_REGION} / {UCLOUD_CITY_ID}",
    }
    return "\n".join(f"{name:30} {value}" for name, value in rows.items())
