/* The addresses of a health check: which networks are announced, and their set-up with ip(8). */
#include "health.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/wire.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOSTS_MOST (1u << 16) /* hosts of one network that are announced or set up one by one */

/* Runs a program to its end; its output into *out unless NULL. Its exit status, or -1. */
static int
run(char *const *argv, struct text *out)
{
	posix_spawn_file_actions_t actions;
	int ends[2] = { -1, -1 };
	int status = -1;
	pid_t pid;
	int error;

	if (out != NULL && pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (out != NULL)
		(void)posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	else
		(void)posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	error = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (out != NULL) {
		(void)close(ends[1]);
		if (error == 0 && file_read_fd(ends[0], out) != 0)
			text_clear(out); /* half an output could name half a network */
		(void)close(ends[0]);
	}
	if (error != 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct slice
next_word(struct slice *rest)
{
	struct slice word;
	size_t n = 0;

	while (rest->len > 0 && (rest->at[0] == ' ' || rest->at[0] == '\t'))
		*rest = slice_after(*rest, 1);
	while (n < rest->len && rest->at[n] != ' ' && rest->at[n] != '\t')
		n++;
	word = slice_of(rest->at, n);
	*rest = slice_after(*rest, n);
	return word;
}

/* Behind "lo:" stands the label. */
static bool
label_fits(const struct health_options *o, struct slice word)
{
	if (o->label == NULL)
		return true;
	if (!slice_begins(word, "lo:"))
		return false;
	word = slice_after(word, 3);
	while (word.len > 0 && word.at[word.len - 1] == '\\')
		word.len--;
	return o->label_exact ? slice_is(word, o->label) : slice_begins(word, o->label);
}

static bool
is_own_loopback(const struct prefix *p)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (p->addr.family == ADDR_IPV4)
		return p->addr.bytes[0] == 127;
	return memcmp(p->addr.bytes, one, sizeof(one)) == 0;
}

static struct service *
add_service(struct service **services, size_t *count, const struct prefix *net)
{
	struct service *s;

	*services = mem_grow(*services, (*count + 1) * sizeof(**services));
	s = &(*services)[(*count)++];
	*s = (struct service){ .net = *net, .interface = "lo", .set_len = net->len };
	return s;
}

/* A line of "ip -o address show dev lo": ... inet 192.0.2.1/32 ... lo:label ... */
static void
read_address(
    const struct health_options *o, struct slice line, struct service **services, size_t *count)
{
	struct prefix net = { 0 };
	bool found = false;
	bool fits = o->label == NULL;
	struct service *s;
	uint8_t set_len;

	while (line.len > 0) {
		struct slice word = next_word(&line);

		if (slice_is(word, "inet") || slice_is(word, "inet6"))
			found = prefix_parse(next_word(&line), &net) <= PREFIX_HOST_BITS &&
			    net.addr.family != ADDR_NONE;
		else if (o->label != NULL)
			fits |= label_fits(o, word);
	}
	if (!found || !fits || is_own_loopback(&net))
		return;
	set_len = net.len;
	if (prefix_has_host_bits(&net)) /* of a wider network: the address is the service */
		net.len = (uint8_t)(addr_len(&net.addr) * 8);
	s = add_service(services, count, &net);
	s->set_len = set_len;
	s->there = s->foreign = true;
}

static void
loopback_services(const struct health_options *o, struct service **services, size_t *count)
{
	static const char *const words[] = { "ip", "-o", "address", "show", "dev", "lo" };
	char *argv[7] = { 0 };
	struct text out = { 0 };
	struct slice rest;

	for (size_t i = 0; i < 6; i++)
		argv[i] = mem_string(words[i], strlen(words[i]));
	(void)run(argv, &out); /* no output: no address, told by the caller */
	rest = text_view(&out);
	while (rest.len > 0) {
		struct slice line = rest;
		struct slice tail = { NULL, 0 };

		(void)word_cut(rest, '\n', &line, &tail); /* false: the last line */
		rest = tail;
		read_address(o, line, services, count);
	}
	for (size_t i = 0; i < 6; i++)
		mem_free(argv[i]);
	text_free(&out);
}

static uint32_t
host_count(const struct prefix *net)
{
	unsigned bits = (unsigned)(addr_len(&net->addr) * 8 - net->len);

	return bits >= 32 ? UINT32_MAX : 1u << bits;
}

/* Host number n of the network. */
static struct prefix
host_of(const struct prefix *net, uint32_t n)
{
	struct prefix host = { net->addr, (uint8_t)(addr_len(&net->addr) * 8) };
	uint8_t *last = host.addr.bytes + addr_len(&net->addr) - 4;

	store_u32(last, load_u32(last) | n);
	return host;
}

static bool
option_services(
    const struct health_options *o, struct service **services, size_t *count, struct text *why)
{
	for (size_t i = 0; i < o->ips.count; i++) {
		struct prefix net;

		if (prefix_parse(slice_on(o->ips.at[i]), &net) != PREFIX_FINE) {
			text_format(why, "--ip: expected a network, found \"%s\"", o->ips.at[i]);
			return false;
		}
		if (!o->deaggregate) {
			(void)add_service(services, count, &net);
			continue;
		}
		if (host_count(&net) > HOSTS_MOST) {
			text_format(why, "--deaggregate-networks: %s has more than %u hosts",
			    o->ips.at[i], HOSTS_MOST);
			return false;
		}
		for (uint32_t n = 0; n < host_count(&net); n++) {
			struct prefix host = host_of(&net, n);

			(void)add_service(services, count, &host);
		}
	}
	return true;
}

static bool
is_interface(struct slice word)
{
	if (word.len == 0 || word.len > 15)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		uint8_t c = word.at[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			c == '.' || c == '_' || c == ':' || c == '-'))
			return false;
	}
	return true;
}

static bool
place_services(
    const struct health_options *o, struct service *services, size_t count, struct text *why)
{
	for (size_t i = 0; i < o->ip_ifnames.count; i++) {
		struct slice net_word;
		struct slice name;
		struct prefix net;
		bool found = false;

		if (!word_cut(slice_on(o->ip_ifnames.at[i]), '%', &net_word, &name) ||
		    prefix_parse(net_word, &net) != PREFIX_FINE || !is_interface(name)) {
			text_format(why, "--ip-ifname: expected NET%%INTERFACE, found \"%s\"",
			    o->ip_ifnames.at[i]);
			return false;
		}
		for (size_t k = 0; k < count; k++) {
			if (services[k].net.len != net.len ||
			    !addr_same(&services[k].net.addr, &net.addr))
				continue;
			memset(services[k].interface, 0, sizeof(services[k].interface));
			memcpy(services[k].interface, name.at, name.len);
			found = true;
		}
		if (!found) {
			text_format(
			    why, "--ip-ifname: %s is not given with --ip", o->ip_ifnames.at[i]);
			return false;
		}
	}
	return true;
}

static void
rotate(struct service *services, size_t count, size_t by)
{
	for (; by > 0; by--) {
		struct service first = services[0];

		memmove(services, services + 1, (count - 1) * sizeof(*services));
		services[count - 1] = first;
	}
}

bool
health_services(
    const struct health_options *o, struct service **services, size_t *count, struct text *why)
{
	*services = NULL;
	*count = 0;
	if (!option_services(o, services, count, why))
		return false;
	if (o->ips.count == 0)
		loopback_services(o, services, count);
	if (*count == 0) {
		text_string(why, "No IP found");
		return false;
	}
	rotate(*services, *count, o->start_ip % *count);
	return place_services(o, *services, *count, why);
}

/* ip address add|del HOST dev INTERFACE [label lo:L] */
static int
ip_address(const struct health_options *o, const char *verb, const struct prefix *host,
    const struct service *s)
{
	struct text words[10] = { 0 };
	char *argv[11] = { 0 };
	size_t n = 0;
	int status;

	if (o->sudo)
		text_string(&words[n++], "sudo");
	text_string(&words[n++], "ip");
	text_string(&words[n++], "address");
	text_string(&words[n++], verb);
	prefix_print(&words[n++], host);
	text_string(&words[n++], "dev");
	text_string(&words[n++], s->interface);
	if (o->label != NULL && strcmp(s->interface, "lo") == 0) {
		text_string(&words[n++], "label");
		text_format(&words[n++], "lo:%s", o->label);
	}
	for (size_t i = 0; i < n; i++)
		argv[i] = words[i].at;
	status = run(argv, NULL);
	for (size_t i = 0; i < n; i++)
		text_free(&words[i]);
	return status;
}

/* Each host of the network, unless there are too many to be meant. How many were added or removed;
 * the others (a status of 2) were there, or gone, already. */
static uint32_t
each_host(const struct health_options *o, const char *verb, const struct service *s)
{
	uint32_t hosts = s->set_len == s->net.len ? host_count(&s->net) : 1;
	uint32_t done = 0;

	if (hosts > HOSTS_MOST)
		hosts = 1;
	for (uint32_t n = 0; n < hosts; n++) {
		struct prefix host = host_of(&s->net, n);

		if (s->set_len != s->net.len)
			host.len = s->set_len;
		done += ip_address(o, verb, &host, s) == 0;
	}
	return done;
}

void
health_ip_add(const struct health_options *o, struct service *services, size_t count)
{
	for (size_t i = 0; !o->no_ip_setup && i < count; i++) {
		if (services[i].there)
			continue;
		if (each_host(o, "add", &services[i]) == 0)
			services[i].foreign = true;
		services[i].there = true;
	}
}

void
health_ip_remove(
    const struct health_options *o, struct service *services, size_t count, bool ending)
{
	for (size_t i = 0; !o->no_ip_setup && i < count; i++) {
		if (!services[i].there || (ending && services[i].foreign))
			continue;
		(void)each_host(o, "del", &services[i]); /* what is gone is gone */
		services[i].there = false;
	}
}
