#!/bin/sh
# compare.sh TOOL ROOT: real routing data read by TOOL -m and by bgpdump -m must give the same lines.
set -eu
tool=$1
data=$2/../shared/mrt
if ! command -v bgpdump >/dev/null; then
	echo "bgpdump is not installed"
	exit 77
fi
if [ ! -d "$data" ]; then
	echo "there is no data in $data"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
for packed in "$data"/*.gz; do
	name=$(basename "$packed" .gz)
	gunzip -c "$packed" >"$work/$name"
	# an AGGREGATOR with AS 0 is none (RFC 7607 2)
	bgpdump -m "$work/$name" 2>/dev/null | sed 's/|0 0\.0\.0\.0|$/||/' >"$work/theirs"
	"$tool" -m "$work/$name" >"$work/ours"
	if cmp -s "$work/theirs" "$work/ours"; then
		echo "$name: $(wc -l <"$work/ours") lines"
	else
		echo "$name differs:"
		diff "$work/theirs" "$work/ours" | head -n 20
		status=1
	fi
done
exit $status
