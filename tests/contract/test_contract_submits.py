# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' clients start jobs: the embedded cloud takes their requests, and they take its answers."""

from __future__ import annotations

from typing import Any

import huaweicloudsdkcce.v3 as cce
import huaweicloudsdkcph.v1 as cph
import huaweicloudsdkdws.v2 as dws
import huaweicloudsdkecs.v2 as ecs
import huaweicloudsdkevs.v2 as evs
import huaweicloudsdkims.v2 as ims
import huaweicloudsdkrds.v3 as rds
import pytest
from ansible_collections.cloudwait.jobs.plugins.filter.job_ids import job_ids
from ansible_collections.cloudwait.jobs.tests.contract import vendors
from ansible_collections.cloudwait.jobs.tests.services import FACTS
from ansible_collections.cloudwait.jobs.tests.simulator import Cloud
from ansible_collections.cloudwait.jobs.tests.simulator.starts import STARTS
from ansible_collections.cloudwait.jobs.tests.simulator.submits import WORKS

# service, the client's method, its request, jobs
REST: list[tuple[str, str, Any, int]] = [
    (
        "cph",
        "reset_cloud_phone",
        cph.ResetCloudPhoneRequest(
            cph.ResetCloudPhoneRequestBody(
                phones=[cph.ResetPhoneProperty(phone_id="p1"), cph.ResetPhoneProperty(phone_id="p2")]
            )
        ),
        2,
    ),
    (
        "cph",
        "restart_cloud_phone",
        cph.RestartCloudPhoneRequest(cph.RestartCloudPhoneRequestBody(phones=[cph.PhoneProperty(phone_id="p1")])),
        1,
    ),
    (
        "cph",
        "install_apk",
        cph.InstallApkRequest(
            cph.InstallApkRequestBody(command="install", content="-r obs://b/a.apk", phone_ids=["p1", "p2"])
        ),
        2,
    ),
    (
        "cph",
        "run_shell_command",
        cph.RunShellCommandRequest(
            cph.RunShellCommandRequestBody(command="shell", content="ls -l /system", phone_ids=["p1"])
        ),
        1,
    ),
    ("ims", "create_image", ims.CreateImageRequest(ims.CreateImageRequestBody(name="n", instance_id="i")), 1),
    (
        "ims",
        "create_image",
        ims.CreateImageRequest(ims.CreateImageRequestBody(name="n", image_url="b:f.qcow2", min_disk=40)),
        1,
    ),
    (
        "ims",
        "export_image",
        ims.ExportImageRequest("i", ims.ExportImageRequestBody(bucket_url="b:f.qcow2", file_format="qcow2")),
        1,
    ),
    ("ims", "copy_image_in_region", ims.CopyImageInRegionRequest("i", ims.CopyImageInRegionRequestBody(name="n")), 1),
    ("dws", "start_cluster", dws.StartClusterRequest("c"), 1),
    ("dws", "stop_cluster", dws.StopClusterRequest("c"), 1),
    ("dws", "batch_create_cluster_cn", dws.BatchCreateClusterCnRequest("c", dws.BatchCreateCn(num=1)), 1),
    ("dws", "associate_elb", dws.AssociateElbRequest("c", "e"), 1),
    (
        "ecs",
        "create_servers",
        ecs.CreateServersRequest(
            body=ecs.CreateServersRequestBody(
                server=ecs.PrePaidServer(
                    image_ref="i",
                    flavor_ref="f",
                    name="n",
                    vpcid="v",
                    nics=[ecs.PrePaidServerNic(subnet_id="s")],
                    root_volume=ecs.PrePaidServerRootVolume(volumetype="SSD"),
                )
            )
        ),
        1,
    ),
    (
        "evs",
        "create_volume",
        evs.CreateVolumeRequest(
            body=evs.CreateVolumeRequestBody(
                volume=evs.CreateVolumeOption(availability_zone="z", size=10, volume_type="SSD")
            )
        ),
        1,
    ),
    (
        "rds",
        "start_instance_restart_action",
        rds.StartInstanceRestartActionRequest(
            instance_id="i", body=rds.InstanceRestartRequsetBody(restart=rds.RestartConfiguration())
        ),
        1,
    ),
    (
        "cce",
        "create_node",
        cce.CreateNodeRequest("c", body=cce.NodeCreateRequest(kind="Node", api_version="v3", spec=cce.NodeSpec())),
        1,
    ),
]
# the client's method, its request
ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("install_u_phone_app_version", {"AppVersionId": "a", "UPhoneIds": ["u0", "u1"]}),
    ("run_async_command", {"Content": "id", "UPhoneIds": ["u0"]}),
    ("set_u_phone_gps", {"UPhoneGPSs": [{"UPhoneId": "u0", "Enabled": True, "Latitude": 31.2, "Longitude": 121.5}]}),
    ("import_file", {"FileName": "f", "URL": "https://example.com/f", "UPhoneIds": ["u0"]}),
]


@pytest.mark.parametrize(("service", "method", "request_", "count"), REST)
def test_rest(cloud: Cloud, service: str, method: str, request_: Any, count: int) -> None:
    answer = getattr(vendors.client(cloud, service), method)(request_)
    ids = job_ids(answer.to_json_object())
    assert len(set(ids)) == count
    facts = FACTS[service]
    for job_id in ids:
        (job,) = facts.jobs_in(vendors.query(cloud, facts, job_id))
        assert facts.value_in(job, facts.fields.id) == job_id
    assert {request.status for request in cloud.requests} == {200}


@pytest.mark.parametrize(("method", "request_"), ACTIONS)
def test_actions(cloud: Cloud, method: str, request_: dict[str, Any]) -> None:
    answer = getattr(vendors.ucloud(f"{cloud.url}/"), method)(request_)
    [job] = vendors.describe(cloud, *job_ids(answer))["Jobs"]
    assert job["JobId"] == answer["JobId"]


def test_every_request_is_made() -> None:
    assert len(REST) + len(ACTIONS) >= len(WORKS) + len(STARTS)
