#include "inspect/container_name.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caisson::inspect {
namespace {

const std::string kId = "4f1e6a0f5d2c7b8e9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f";
const std::string kOther = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const std::string kPod = "8c1e2f3a-1b2c-4d5e-8f90-a1b2c3d4e5f6";
const std::string kPodOfSystemd = "8c1e2f3a_1b2c_4d5e_8f90_a1b2c3d4e5f6";

TEST(ContainerNames, OfDocker) {
  EXPECT_EQ(container_name("0::/docker/" + kId + "\n"), "docker:" + kId);
  EXPECT_EQ(container_name("0::/system.slice/docker-" + kId + ".scope\n"), "docker:" + kId);
  EXPECT_EQ(container_name("12:pids:/docker/" + kId + "\n1:name=systemd:/docker/" + kId + "\n0::/\n"), "docker:" + kId);
  EXPECT_EQ(container_name("0::/system.slice/docker-" + kId + ".scope/init/a.service\n"), "docker:" + kId);
}

TEST(ContainerNames, OfPodman) {
  EXPECT_EQ(container_name("0::/machine.slice/libpod-" + kId + ".scope/container\n"), "podman:" + kId);
  EXPECT_EQ(container_name("0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + kId + ".scope\n"),
            "podman:" + kId);
  EXPECT_EQ(container_name("0::/libpod_parent/libpod-" + kId + "\n"), "podman:" + kId);
  EXPECT_EQ(container_name("0::/libpod_parent/" + kId + "\n"), "podman:" + kId);
}

TEST(ContainerNames, OfKubernetes) {
  const std::string wanted = "kubernetes:" + kPod + "/" + kId;
  EXPECT_EQ(container_name("0::/kubepods/burstable/pod" + kPod + "/" + kId + "\n"), wanted);
  EXPECT_EQ(container_name("0::/kubepods/pod" + kPod + "/" + kId + "\n"), wanted);
  const std::string slice = "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + kPodOfSystemd + ".slice/";
  EXPECT_EQ(container_name(slice + "cri-containerd-" + kId + ".scope\n"), wanted);
  EXPECT_EQ(container_name(slice + "crio-" + kId + ".scope\n"), wanted);
  EXPECT_EQ(container_name(slice + "docker-" + kId + ".scope\n"), wanted);
  EXPECT_EQ(container_name("0::/kubepods.slice/kubepods-pod" + kPodOfSystemd + ".slice/cri-containerd-" + kId + ".scope\n"),
            wanted);
  EXPECT_EQ(container_name("0::/kubepods/besteffort/pod0123456789abcdef0123456789abcdef/" + kId + "\n"),
            "kubernetes:0123456789abcdef0123456789abcdef/" + kId);
}

TEST(ContainerNames, OfOtherEngines) {
  EXPECT_EQ(container_name("0::/system.slice/crio-" + kId + ".scope\n"), "crio:" + kId);
  EXPECT_EQ(container_name("0::/system.slice/nerdctl-" + kId + ".scope\n"), "nerdctl:" + kId);
  EXPECT_EQ(container_name("0::/k8s.io/" + kId + "\n"), "containerd:" + kId);
  EXPECT_EQ(container_name("0::/machine.slice/systemd-nspawn@web.service/payload\n"), "nspawn:web");
  EXPECT_EQ(container_name("0::/machine.slice/machine-my\\x2dbox.scope/payload/init.scope\n"), "nspawn:my-box");
  EXPECT_EQ(container_name("0::/lxc.payload.web/system.slice\n"), "lxc:web");
  EXPECT_EQ(container_name("4:memory:/lxc/web\n"), "lxc:web");
  EXPECT_EQ(container_name("0::/lxc.payload/web\n"), "lxc:web");
}

TEST(ContainerNames, OfTheInnermost) {
  EXPECT_EQ(container_name("0::/docker/" + kId + "/docker/" + kOther + "\n"), "docker:" + kOther);
  EXPECT_EQ(container_name("0::/docker/" + kOther + "/kubelet/kubepods/pod" + kPod + "/" + kId + "\n"),
            "kubernetes:" + kPod + "/" + kId);
}

TEST(ContainerNames, OfCaissonByItsRecords) {
  const std::vector<CaissonCgroup> known{{"user/web", "web"}, {"docker/" + kId, "inner"}};
  EXPECT_EQ(container_name("3:cpu:/\n0::/user/web\n", known), "caisson:web");
  EXPECT_EQ(container_name("0::/user/web/sub\n", known), "caisson:web");
  EXPECT_EQ(container_name("0::/user/website\n", known), "");
  EXPECT_EQ(container_name("0::/docker/" + kId + "\n", known), "docker:" + kId);
}

TEST(ContainerNames, AreNotOfWhatWatchesOrOnlyLooksLikeOne) {
  EXPECT_EQ(container_name("0::/\n"), "");
  EXPECT_EQ(container_name(""), "");
  EXPECT_EQ(container_name("garbage\n:\n::\n"), "");
  EXPECT_EQ(container_name("0::/user.slice/user-0.slice/session-1.scope\n"), "");
  EXPECT_EQ(container_name("0::/machine.slice/libpod-conmon-" + kId + ".scope\n"), "");
  EXPECT_EQ(container_name("0::/machine.slice/systemd-nspawn@web.service/supervisor\n"), "");
  EXPECT_EQ(container_name("0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope\n"), "");
  EXPECT_EQ(container_name("0::/lxc.monitor.web\n"), "");
  EXPECT_EQ(container_name("0::/docker/buildx\n"), "");
  EXPECT_EQ(container_name("0::/" + kId + "\n"), "");
}

}  // namespace
}  // namespace caisson::inspect
