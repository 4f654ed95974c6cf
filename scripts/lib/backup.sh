# shellcheck shell=bash disable=SC2034
# What backup-redis and restore-redis share: the names of a backup, a folder of S3 by curl alone, and an orderly end.

export LC_ALL=C
umask 077

say() { printf '%s %s: %s\n' "$(date -u +%H:%M:%S)" "${0##*/}" "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-1}"
}

# A backup is three files, and is there when the last of them is:
#   whispercache-redis-TIME.rdb.json          jobctl's manifest of the file before it was compressed
#   whispercache-redis-TIME.rdb.zst           the data (.dump by scan; .gz; nothing behind it when not compressed)
#   whispercache-redis-TIME.rdb.zst.sha256    the checksums of both, for `sha256sum -c`
# `jobctl backup FOLDER/` makes other names, so that nothing made by hand is ever deleted.
backup_name='whispercache-redis-[0-9]{8}T[0-9]{6}Z\.(rdb|dump)(\.gz|\.zst)?'

# own_files: of the names on standard input those that backup-redis made.
own_files() { grep -E "^$backup_name(\.json|\.sha256)?\$" || [ $? -eq 1 ]; }

# whole_backups: of the names on standard input the backups that are there whole, the oldest first.
whole_backups() { sed -nE "s/^($backup_name)\.sha256\$/\1/p" | sort; }

# manifest_of NAME: what the name of its manifest is.
manifest_of() {
  local plain=${1%.zst}
  printf '%s.json\n' "${plain%.gz}"
}

# An end by a signal takes the running program along; the scratch folder never stays.
child=
scratch=
run() {
  local status=0
  "$@" &
  child=$!
  wait "$child" || status=$?
  child=
  return "$status"
}

stop() {
  trap '' INT TERM
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null || true
    wait "$child" || true
  fi
  fail "interrupted; nothing half is left" 130
}

make_scratch() {
  scratch=$(mktemp -d "$1") || fail "no folder can be made as $1"
  trap 'rm -rf "$scratch"' EXIT
  trap stop INT TERM
}

# need_programs NAME...
need_programs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "$program is not in PATH" 69
  done
}

# from_file NAME: the variable NAME, or the first line of the file that NAME_FILE names, and hidden from other programs.
from_file() {
  local file=${1}_FILE
  if [ -z "${!1:-}" ] && [ -n "${!file:-}" ]; then
    { [ -r "${!file}" ] && IFS= read -r "${1?}" <"${!file}"; } || [ -n "${!1:-}" ] || fail "$file: ${!file} cannot be read" 78
  fi
  export -n "${1?}"
  case ${!1:-} in *[$'\r\n']*) fail "$1 has more than one line" 78 ;; esac
}

# Why the last call of S3 failed, for the caller.
s3_problem=
# s3_open: reads and checks where S3 is. s3 is then the bucket's URL, s3_prefix what names begin with, or empty.
s3_open() {
  local pattern='^(https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?/[A-Za-z0-9._-]+)(/[A-Za-z0-9._/-]*)?$'
  [[ $BACKUP_S3_URL =~ $pattern ]] ||
    fail "BACKUP_S3_URL is \"$BACKUP_S3_URL\"; expected https://HOST/BUCKET or https://HOST/BUCKET/PREFIX, such as https://s3.eu-central-1.amazonaws.com/bucket/redis" 78
  s3=${BASH_REMATCH[1]}
  s3_prefix=${BASH_REMATCH[4]#/}
  s3_prefix=${s3_prefix%/}
  s3_prefix=${s3_prefix:+$s3_prefix/}
  s3_region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
  [[ $s3_region =~ ^[a-z0-9-]+$ ]] || fail "AWS_REGION is \"$s3_region\"; expected a name such as eu-central-1" 78
  local name
  for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; do from_file "$name"; done
  if [ -z "${AWS_ACCESS_KEY_ID:-}" ] || [ -z "${AWS_SECRET_ACCESS_KEY:-}" ]; then
    fail "BACKUP_S3_URL needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or _FILE behind each)" 78
  fi
}

quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# For curl's --config: arguments are seen by everybody on the machine, and files stay.
s3_login() {
  printf 'user = %s\n' "$(quoted "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY")"
  if [ -n "${AWS_SESSION_TOKEN:-}" ]; then printf 'header = %s\n' "$(quoted "x-amz-security-token: $AWS_SESSION_TOKEN")"; fi
}

# S3 wants the checksum of what comes with a call; curl before 7.89 does not tell that there is nothing.
s3_nothing=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

# s3_curl WHAT SHA256 OPTION...: one call with a body of this checksum; the answer's body is in $scratch/s3.body. WHAT is for
# the error.
s3_curl() {
  local what=$1 sha256=$2 code body status=0
  shift 2
  : >"$scratch/s3.body"
  run curl --config <(s3_login) --aws-sigv4 "aws:amz:$s3_region:s3" --silent --show-error --globoff --proto '=http,https' \
    --connect-timeout 10 --speed-limit 1024 --speed-time 60 --retry 2 --retry-delay 1 \
    --header "x-amz-content-sha256: $sha256" --output "$scratch/s3.body" --write-out '%{http_code}\n' "$@" >"$scratch/s3.code" 2>"$scratch/s3.error" || status=$?
  if [ "$status" -ne 0 ]; then
    s3_problem="$what: $(tail -n 1 "$scratch/s3.error")"
    return 1
  fi
  code=$(grep -Ev '^(20[0-9])$' "$scratch/s3.code" | sed -n 1p) || true
  [ -n "$code" ] || return 0
  # Of the body only code and message: an answer to a wrong signature holds what was signed.
  body=$(tr '<' '\n' <"$scratch/s3.body" | sed -nE 's/^(Code|Message)>(.*)/\2/p' | paste -sd ' ')
  s3_problem="$what: HTTP $code${body:+, $body}"
  return 1
}

# s3_put FILE NAME SHA256: the server compares the checksum itself, and is asked for it afterwards.
s3_put() {
  local base64 there length size
  size=$(stat -c %s "$1")
  if [ "$size" -gt 5368709120 ]; then
    s3_problem="$2 has $size bytes; S3 takes 5 GiB at once"
    return 1
  fi
  # shellcheck disable=SC2001  # a pattern with a group
  base64=$(printf '%b' "$(sed 's/../\\x&/g' <<<"$3")" | base64)
  s3_curl "upload of $2" "$3" --upload-file "$1" --header "x-amz-checksum-sha256: $base64" \
    --header 'x-amz-sdk-checksum-algorithm: SHA256' "$s3/$s3_prefix$2" || return
  s3_curl "look at $2" "$s3_nothing" --head --header 'x-amz-checksum-mode: ENABLED' "$s3/$s3_prefix$2" || return
  length=$(s3_header content-length)
  if [ "$length" != "$size" ]; then
    s3_problem="$2 has $length bytes in S3, and $size here"
    return 1
  fi
  there=$(s3_header x-amz-checksum-sha256)
  if [ -z "$there" ]; then
    # Not every server keeps checksums: then all of it is read back.
    s3_curl "download of $2" "$s3_nothing" "$s3/$s3_prefix$2" || return
    if [ "$(sha256sum <"$scratch/s3.body")" = "$3  -" ]; then there=$base64; fi
  fi
  if [ "$there" != "$base64" ]; then
    s3_problem="$2 has another checksum in S3 than here"
    return 1
  fi
}

s3_header() { tr -d '\r' <"$scratch/s3.body" | sed -nE "s/^$1: *(.*)/\1/Ip" | tail -n 1; }

# s3_get NAME FILE
s3_get() {
  s3_curl "download of $1" "$s3_nothing" "$s3/$s3_prefix$1" || return
  mv "$scratch/s3.body" "$2"
}

# s3_list: the names below the prefix, one a line, into $scratch/s3.names. A page has a thousand at most.
s3_list() {
  local token='' more
  : >"$scratch/s3.names"
  while true; do
    # The query is signed as it is: its names in their order, and everything encoded.
    s3_curl "list of $s3/$s3_prefix" "$s3_nothing" \
      "$s3?${token:+continuation-token=$(encoded "$token")&}list-type=2&prefix=$(encoded "$s3_prefix")" || return
    tr '<' '\n' <"$scratch/s3.body" >"$scratch/s3.lines"
    if ! grep -q '^ListBucketResult' "$scratch/s3.lines"; then
      s3_problem="list of $s3/$s3_prefix: the answer is no list"
      return 1
    fi
    sed -nE "s,^Key>$s3_prefix([^/]+)\$,\1,p" "$scratch/s3.lines" >>"$scratch/s3.names"
    more=$(sed -nE 's/^IsTruncated>(.*)/\1/p' "$scratch/s3.lines")
    token=$(sed -nE 's/^NextContinuationToken>(.*)/\1/p' "$scratch/s3.lines")
    [ "$more" = true ] || return 0
    if [ -z "$token" ]; then
      s3_problem="list of $s3/$s3_prefix: there is more, and nothing says where"
      return 1
    fi
  done
}

encoded() {
  local text=$1 result='' index character
  for ((index = 0; index < ${#text}; index++)); do
    character=${text:index:1}
    case $character in
      [A-Za-z0-9._~-]) result+=$character ;;
      *) printf -v character '%%%02X' "'$character" && result+=$character ;;
    esac
  done
  printf '%s' "$result"
}

# s3_delete: the names on standard input, over one connection.
s3_delete() {
  local name output=''
  while IFS= read -r name; do
    printf 'url = "%s"\n%s' "$s3/$s3_prefix$name" "$output"
    # The first one has s3_curl's.
    output="output = \"$scratch/s3.body\""$'\n'
  done >"$scratch/s3.urls"
  [ -s "$scratch/s3.urls" ] || return 0
  s3_curl "deletion of old backups" "$s3_nothing" --request DELETE --config "$scratch/s3.urls"
}
