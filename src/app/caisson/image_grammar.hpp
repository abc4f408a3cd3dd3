// The commands of `caisson image`.
#pragma once

#include "app/options.hpp"

namespace caisson::app::human {

inline constexpr Option kStoreOption{.name = "store",
                                     .argument = "DIR",
                                     .help = "where images are kept (default: CAISSON_STORE, else /var/lib/caisson for root)"};
inline constexpr Option kNoSyncOption{
    .name = "no-sync", .help = "do not wait for the disk: faster, but a power cut soon after may damage the image"};

inline constexpr Option kImageLoadOptions[] = {
    {.name = "name", .argument = "REF", .help = "what the image is called (default: what the file says, else the file's name)"},
    {.name = "platform", .argument = "OS/ARCH", .help = "which image of several (default: that of this machine)"},
    kNoSyncOption,
    kStoreOption,
    kHelpOption,
};
inline constexpr std::string_view kImageLoadExamples[] = {
    "caisson image load debian.tar",
    "docker save app | caisson image load -",
    "caisson image load --name base:1 rootfs.tar.zst",
};
inline constexpr Option kPullOptions[] = {
    {.name = "name", .argument = "REF", .help = "what the image is called (default: as it is called in the registry)"},
    {.name = "platform", .argument = "OS/ARCH", .help = "which image of several (default: that of this machine)"},
    {.name = "authfile", .argument = "FILE", .help = "credentials for the registry (default: those of skopeo login)"},
    {.name = "tls-verify",
     .argument = "BOOL",
     .help = "false: also a registry without TLS, or with a certificate that nobody knows"},
    kNoSyncOption,
    kStoreOption,
    kHelpOption,
};
inline constexpr std::string_view kImagePullExamples[] = {
    "caisson image pull debian:12",
    "caisson image pull --tls-verify=false localhost:5000/team/app",
};
inline constexpr std::string_view kPullExamples[] = {"caisson pull debian:12", "caisson pull --platform linux/arm64 debian:12"};
inline constexpr Option kCommitOptions[] = {
    {.name = "cmd", .argument = "WORDS", .help = "what runs when nothing is said, split like a shell's line"},
    {.name = "entrypoint", .argument = "WORDS", .help = "what the command is given to; takes the image's command away"},
    {.name = "env", .letter = 'e', .argument = "NAME=VALUE", .help = "a variable of the environment", .times = Times::Many},
    {.name = "label", .letter = 'l', .argument = "NAME=VALUE", .help = "a label", .times = Times::Many},
    {.name = "user", .letter = 'u', .argument = "USER[:GROUP]", .help = "who runs it"},
    {.name = "workdir", .letter = 'w', .argument = "DIR", .help = "where it runs"},
    {.name = "volume", .argument = "DIR", .help = "a directory that each container has for itself", .times = Times::Many},
    {.name = "expose", .argument = "PORT[/udp]", .help = "a port that it listens at", .times = Times::Many},
    {.name = "stop-signal", .argument = "SIGNAL", .help = "what asks it to end"},
    {.name = "author", .letter = 'a', .argument = "TEXT", .help = "who has made the image"},
    {.name = "message", .letter = 'm', .argument = "TEXT", .help = "what was changed, for the image's history"},
    {.name = "no-pause", .help = "let the container go on while its files are read: they may not fit together then"},
    kNoSyncOption,
    kHelpOption,
};
inline constexpr std::string_view kCommitExamples[] = {
    "caisson commit web web:patched",
    "caisson commit --cmd 'httpd -f' --env MODE=test -m 'with a page' web web:2",
};
inline constexpr Command kCommitCommand{.name = "commit",
                                        .operands = "CONTAINER [NAME]",
                                        .summary = "make an image of what a container has written on its own",
                                        .options = kCommitOptions,
                                        .least_operands = 1,
                                        .most_operands = 2,
                                        .examples = kCommitExamples};
inline constexpr Option kImageImportOptions[] = {kNoSyncOption, kStoreOption, kHelpOption};
inline constexpr std::string_view kImageImportExamples[] = {"caisson image import ./debian debian:mine"};
inline constexpr Option kImageLsOptions[] = {
    {.name = "no-headings", .help = "leave out the headings"},
    {.name = "json", .help = "print everything as JSON"},
    kStoreOption,
    kHelpOption,
};
inline constexpr std::string_view kImageLsExamples[] = {"caisson image ls", "caisson image ls --json"};
inline constexpr Option kImageOptions[] = {kStoreOption, kHelpOption};
inline constexpr std::string_view kImageInspectExamples[] = {"caisson image inspect debian"};
inline constexpr std::string_view kImageExportExamples[] = {
    "caisson image export debian:mine debian.tar",
    "caisson image export debian:mine - | skopeo copy oci-archive:/dev/stdin docker://registry.example/debian",
};
inline constexpr std::string_view kImageRmExamples[] = {"caisson image rm debian:mine", "caisson image rm 1f2e3d4c5b6a"};
inline constexpr Option kImagePruneOptions[] = {
    {.name = "all", .letter = 'a', .help = "also images that have a name, if no container uses them"},
    kStoreOption,
    kHelpOption,
};
inline constexpr std::string_view kImagePruneExamples[] = {"caisson image prune", "caisson image prune --all"};

inline constexpr Command kImageCommands[] = {
    {.name = "load",
     .operands = "FILE",
     .summary = "take images from a file of docker save, an OCI archive or layout, or a root in a tar file",
     .options = kImageLoadOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kImageLoadExamples},
    {.name = "pull",
     .operands = "REF",
     .summary = "bring an image from a registry, by skopeo",
     .options = kPullOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kImagePullExamples},
    {.name = "import",
     .operands = "DIR [NAME]",
     .summary = "make an image of a directory that holds a root filesystem",
     .options = kImageImportOptions,
     .least_operands = 1,
     .most_operands = 2,
     .examples = kImageImportExamples},
    {.name = "ls", .summary = "the images that are there", .options = kImageLsOptions, .examples = kImageLsExamples},
    {.name = "inspect",
     .operands = "IMAGE",
     .summary = "all about an image, as JSON",
     .options = kImageOptions,
     .least_operands = 1,
     .most_operands = 1,
     .examples = kImageInspectExamples},
    {.name = "export",
     .operands = "IMAGE FILE",
     .summary = "write an image as an OCI archive, which other programs load",
     .options = kImageOptions,
     .least_operands = 2,
     .most_operands = 2,
     .examples = kImageExportExamples},
    {.name = "rm",
     .operands = "IMAGE...",
     .summary = "take a name away from an image, and remove it with its last name",
     .options = kImageOptions,
     .least_operands = 1,
     .most_operands = kAnyNumber,
     .examples = kImageRmExamples},
    {.name = "prune",
     .summary = "remove images without a name, and layers that no image needs",
     .options = kImagePruneOptions,
     .examples = kImagePruneExamples},
};

inline constexpr std::string_view kImageExamples[] = {
    "caisson image pull debian:12", "caisson image load debian.tar", "caisson image ls",
    "caisson run debian",           "caisson image rm debian",
};

inline constexpr Program kImageProgram{.name = "caisson image",
                                       .summary = "Images: take them in, see them, remove them",
                                       .options = {&kHelpOption, 1},
                                       .commands = kImageCommands,
                                       .examples = kImageExamples};

inline constexpr Command kPullCommand{.name = "pull",
                                      .operands = "REF",
                                      .summary = "bring an image from a registry, as image pull does",
                                      .options = kPullOptions,
                                      .least_operands = 1,
                                      .most_operands = 1,
                                      .examples = kPullExamples};
inline constexpr Command kImageCommand{
    .name = "image", .summary = "take images in, see and remove them", .commands = &kImageProgram};

}  // namespace caisson::app::human
