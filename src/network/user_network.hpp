// The network of a container without root: a program of the user's own (pasta or slirp4netns) takes its packets from a device
// in the container's namespace and carries them by sockets of its own. What these programs are told. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "network/member.hpp"

namespace caisson::network {

inline constexpr std::string_view kPasta = "pasta", kSlirp = "slirp4netns";
// Addresses inside at which a name server of this machine's loopback answers.
inline constexpr std::string_view kPastaResolver = "169.254.1.1", kSlirpResolver = "10.0.2.3";

// What the program finds the container by.
struct PassedFiles {
  std::string process;        // stands in the container's namespaces until the program is ready
  std::string user, network;  // paths to these
  std::string directory;      // for slirp4netns' socket
};
// Both write to descriptor 3 when they are ready, and stay in the foreground.
std::vector<std::string> pasta_words(const std::vector<PublishedPort>& ports, const PassedFiles& files);
inline constexpr const char* kSlirpSocket = "requests";
std::vector<std::string> slirp_words(const std::vector<PublishedPort>& ports, const PassedFiles& files);
std::string slirp_request(const PublishedPort& port);
// What is wrong about its answer; empty: nothing.
std::string slirp_refusal(std::string_view answer);

}  // namespace caisson::network
