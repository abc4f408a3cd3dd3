// --service and --ends-with of `caisson run`, and what later commands need to know of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "launch/trampoline/services_page.hpp"
#include "life/record.hpp"
#include "lifecycle/context.hpp"
#include "lifecycle/new_container.hpp"
#include "request/make_spec.hpp"
#include "service/wish.hpp"

namespace caisson::app::human {

// In their order; empty: one program as ever. Throws Error{Usage}.
std::vector<service::Wish> service_wishes(const OptionValues& options);
// Throws Error{Usage} for what cannot be together with services: a command, a terminal, another stop signal.
void check_services(const Parsed& line, const request::RunWish& wish);
void set_services(lifecycle::ContainerWish& made, const std::vector<service::Wish>& wishes, const OptionValues& options,
                  const request::Surroundings& around);

// Of a container's record. Throws Error{State} when it has none of that name.
service::Wish service_of(const life::Record& record, std::string_view name);
// For each service that --service names.
void steer_services(const OptionValues& options, const lifecycle::Context& context, std::string_view id,
                    launch::ServiceOrder order);

}  // namespace caisson::app::human
