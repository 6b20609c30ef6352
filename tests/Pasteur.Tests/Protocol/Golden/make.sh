#!/bin/bash
# Records what stock git says: the golden files beside this script. Made with git 2.39.5; the agent names it.
set -eu
here=$(cd "$(dirname "$0")" && pwd); work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME=$work
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@b GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@b GIT_COMMITTER_DATE='1700000000 +0000'
pkt() { printf '%04x%b' $(($(printf '%b' "$1" | wc -c) + 4)) "$1"; }

git init -q --bare -b main empty.git
git init -q -b main r; cd r
echo one >a.txt; git add .; git commit -q -m one
echo two >b.txt; git add .; git commit -q -m two; git tag -a -m tagged v1; git branch side HEAD~1
cd ..; git clone -q --bare r r.git; old=$(git -C r.git rev-parse main~1); tip=$(git -C r.git rev-parse main)

git upload-pack --http-backend-info-refs r.git >"$here/advertisement-v0"
GIT_PROTOCOL=version=1 git upload-pack --http-backend-info-refs r.git >"$here/advertisement-v1"
git upload-pack --http-backend-info-refs empty.git >"$here/advertisement-v0-empty"
git receive-pack --http-backend-info-refs r.git >"$here/advertisement-receive"
git receive-pack --http-backend-info-refs empty.git >"$here/advertisement-receive-empty"
git init -q --object-format=sha256 -b main sha256; git -C sha256 commit -q --allow-empty -m one; git clone -q --bare sha256 sha256.git
git upload-pack --http-backend-info-refs sha256.git >"$here/advertisement-sha256"
export GIT_PROTOCOL=version=2
git upload-pack --http-backend-info-refs r.git >"$here/advertisement-v2"
git upload-pack --http-backend-info-refs sha256.git >"$here/advertisement-v2-sha256"
{ pkt 'command=ls-refs\n'; printf 0001; pkt 'peel\n'; pkt 'symrefs\n'; pkt 'unborn\n'; printf 0000; } >ls
git upload-pack --stateless-rpc r.git <ls >"$here/ls-refs"
git upload-pack --stateless-rpc empty.git <ls >"$here/ls-refs-unborn"
{ pkt 'command=fetch\n'; printf 0001; pkt 'ofs-delta\n'; pkt 'deepen 1\n'; pkt "want $tip\n"; pkt 'done\n'; printf 0000; } |
  git upload-pack --stateless-rpc r.git >"$here/fetch-v2-shallow"
{ pkt 'command=fetch\n'; printf 0001; pkt 'ofs-delta\n'; pkt "want $tip\n"; pkt "have $old\n"; pkt 'done\n'; printf 0000; } |
  git upload-pack --stateless-rpc r.git >"$here/fetch-v2-incremental"
{ pkt 'command=fetch\n'; printf 0001; pkt "want 1111111111111111111111111111111111111111\n"; pkt 'done\n'; printf 0000; } |
  git upload-pack --stateless-rpc r.git >"$here/fetch-v2-not-our-ref" 2>/dev/null || true
unset GIT_PROTOCOL
{ pkt "want $tip multi_ack_detailed side-band-64k ofs-delta\n"; pkt 'deepen 1\n'; printf 0000; pkt "have $old\n"; pkt 'done\n'; } |
  git upload-pack --stateless-rpc r.git >"$here/fetch-v0-shallow"
child=$(git -C r.git commit-tree -p "$tip" -m three "$tip^{tree}"); git -C r.git update-ref refs/heads/main "$child"
{ pkt "want $child multi_ack_detailed side-band-64k ofs-delta\n"; printf 0000; pkt "have $tip\n"; pkt "have $old\n"; pkt 'done\n'; } |
  git upload-pack --stateless-rpc r.git >"$here/fetch-v0-incremental"
git -C r.git update-ref refs/heads/main "$tip"

push() { # push REF OLD NEW: the bytes of a push with its pack
  pkt "$2 $3 $1\0report-status side-band-64k ofs-delta"; printf 0000; echo "$3" | git -C r.git pack-objects --revs --stdout -q
}
zero=0000000000000000000000000000000000000000
push refs/heads/new $zero "$tip" >p; cp -r r.git ok.git
git receive-pack --stateless-rpc ok.git <p >"$here/report-ok"
cp -r r.git hook.git; printf '#!/bin/sh\necho "no pastes on Sundays"; exit 1\n' >hook.git/hooks/pre-receive; chmod +x hook.git/hooks/pre-receive
git receive-pack --stateless-rpc hook.git <p >"$here/report-hook-declined" || true
cp -r r.git ff.git; git -C ff.git config receive.denyNonFastForwards true
push refs/heads/main "$tip" "$old" >p; git receive-pack --stateless-rpc ff.git <p >"$here/report-non-fast-forward" 2>/dev/null || true
{ push refs/heads/new $zero "$tip" | head -c -20; head -c 20 /dev/zero; } >p
git receive-pack --stateless-rpc ok.git <p >"$here/report-unpack-failed" 2>/dev/null || true
