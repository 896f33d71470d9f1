#!/bin/sh
# Announces the prefixes of a file one by one, reads each answer, and tells on stderr what was refused.
#
#     process checked { run /etc/peerpipe/checked.sh /etc/peerpipe/prefixes; encoder text; }
#
# What comes between two answers is of no interest here and skipped.

command() {
	echo "$1"
	while read -r answer; do
		case $answer in
		done) return 0 ;;
		error) return 1 ;;
		esac
	done
	exit 0 # the program is gone
}

while read -r prefix next_hop <&3; do
	command "announce route $prefix next-hop ${next_hop:-self}" || echo "refused: $prefix" >&2
done 3<"$1"

while read -r _; do :; done # until the program closes our stdin
