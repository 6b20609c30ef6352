# shellcheck shell=bash disable=SC2154 # work, started, transport and exit_usage are of lib.sh, which sources this
# Servers of the folder of bare repositories that a command gives: git daemon, OpenSSH's sshd, nginx before fcgiwrap before
# git-http-backend. What lets a site in (keys, fingerprints, logins) reaches it by its environment, where no `ps` shows it.

remote='' remote_port=''
remote_pids=()

# Serves by $transport until stop_remote; at the same address when it was started before.
start_remote() { # start_remote FOLDER REPOSITORY: sets remote, an address
    remote_port=${remote_port:-$(free_port)}
    remote_pids=()
    unset PASTEUR_SSH_SEED PASTEUR_SSH_AUTH PASTEUR_REMOTE_TOKEN PASTEUR_REMOTE_CA GIT_SSH_COMMAND GIT_SSL_CAINFO GIT_ASKPASS
    case $transport in
        git) start_daemon "$1"; remote=git://127.0.0.1:$remote_port/$2 ;;
        ssh) start_sshd; remote=ssh://git@127.0.0.1:$remote_port$1/$2 ;;
        https) start_web "$1"; remote=https://$web_user@127.0.0.1:$remote_port/$2 ;;
    esac
    wait_until 10 git ls-remote -q "$remote" >"$work/refs" 2>"$work/ls-remote.log" ||
        { cat "$work/remote.log" "$work/ls-remote.log" >&2; fail "the server of $remote did not start"; }
}

# With the connections that are open: sshd's outlive it.
stop_remote() {
    local pid child
    for pid in "${remote_pids[@]}"; do
        for child in $(cat "/proc/$pid/task/$pid/children" 2>/dev/null); do kill -TERM "$child" 2>/dev/null || true; done
        end "$pid"
    done
}

serve() { # serve COMMAND...
    "$@" >>"$work/remote.log" 2>&1 &
    remote_pids+=("$!")
    started+=("$!")
}

start_daemon() { # start_daemon FOLDER
    # Not by `git daemon`: that starts another process, and ours must be the one that is ended.
    serve "$(git --exec-path)/git-daemon" --reuseaddr --listen=127.0.0.1 --port="$remote_port" --base-path="$1" --export-all \
        --enable=receive-pack
}

# An account named git whose shell is git-shell, as hosts have it. It is known to this server alone, which runs in a mount
# namespace with an /etc/passwd of its own: that takes root.
start_sshd() {
    need sshd:openssh-server ssh:openssh-client unshare:util-linux
    [ "$(id -u)" = 0 ] || fail 'the SSH server is given an account of its own, which takes root'
    local own=$work/sshd
    [ -e "$own" ] || make_sshd "$own"
    echo "[127.0.0.1]:$remote_port $(cut -d' ' -f1,2 "$own/host.pub")" >"$own/known_hosts"
    # shellcheck disable=SC2016 # for the shell in the namespace
    serve unshare -m sh -c 'mkdir -p /run/sshd && mount --bind "$1" /etc/passwd && shift && exec "$@"' sh "$own/passwd" \
        /usr/sbin/sshd -D -e -f "$own/conf" -o Port="$remote_port"
    PASTEUR_SSH_SEED=$(sed -n 's/^seed: //p' "$own/ours")
    PASTEUR_SSH_AUTH=$(ssh-keygen -l -E sha256 -f "$own/host.pub" | cut -d' ' -f2)
    GIT_SSH_COMMAND="ssh -F none -i $own/git -o IdentitiesOnly=yes -o UserKnownHostsFile=$own/known_hosts -o BatchMode=yes"
    export PASTEUR_SSH_SEED PASTEUR_SSH_AUTH GIT_SSH_COMMAND
}

make_sshd() { # make_sshd FOLDER
    mkdir -p "$1/home/.ssh"
    (umask 077; "$program" keygen >"$1/ours" 2>"$work/keygen.log")
    ssh-keygen -q -t ed25519 -N '' -f "$1/host"
    ssh-keygen -q -t ed25519 -N '' -f "$1/git" # stock git's own
    { sed -n '/^ssh-/p' "$1/ours"; cat "$1/git.pub"; } | sed 's/^/restrict /' >"$1/home/.ssh/authorized_keys"
    { cat /etc/passwd; echo "git:*:0:0::$1/home:$(command -v git-shell)"; } >"$1/passwd"
    cat >"$1/conf" <<CONF
ListenAddress 127.0.0.1
HostKey $1/host
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
AcceptEnv GIT_PROTOCOL
CONF
}

readonly web_user=bench

start_web() { # start_web FOLDER
    need nginx:nginx-light fcgiwrap:fcgiwrap openssl:openssl
    local own=$work/web
    if [ ! -e "$own" ]; then
        mkdir "$own"
        make_certificates "$own"
        openssl rand -hex 16 >"$own/token"
        echo "$web_user:$(openssl passwd -apr1 -stdin <"$own/token")" >"$own/htpasswd"
    fi
    write_web_configuration "$own" "$1"
    rm -f "$own/fcgi.sock"
    serve fcgiwrap -c 4 -f -s "unix:$own/fcgi.sock"
    wait_until 10 test -S "$own/fcgi.sock" || fail 'fcgiwrap did not start'
    PATH=$PATH:/usr/sbin serve nginx -p "$own" -c "$own/nginx.conf"
    PASTEUR_REMOTE_TOKEN=$(cat "$own/token")
    PASTEUR_REMOTE_CA=$own/ca.pem GIT_SSL_CAINFO=$own/ca.pem
    # What stock git asks for the login: the file is read when it is asked.
    printf '#!/bin/sh\ncat "%s"\n' "$own/token" >"$own/askpass"
    chmod +x "$own/askpass"
    GIT_ASKPASS=$own/askpass
    export PASTEUR_REMOTE_TOKEN PASTEUR_REMOTE_CA GIT_SSL_CAINFO GIT_ASKPASS
}

# An authority that nobody else knows, and a certificate of it for 127.0.0.1.
make_certificates() { # make_certificates FOLDER
    local key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    {
        openssl req -x509 "${key[@]}" -keyout "$1/ca.key" -out "$1/ca.pem" -days 30 -subj '/CN=Pasteur bench authority' \
            -addext keyUsage=critical,keyCertSign
        openssl req "${key[@]}" -keyout "$1/web.key" -out "$1/web.csr" -subj /CN=127.0.0.1
        openssl x509 -req -in "$1/web.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 30 -out "$1/web.pem" \
            -extfile <(echo subjectAltName=IP:127.0.0.1)
    } 2>"$work/openssl.log" || { cat "$work/openssl.log" >&2; fail 'no certificate could be made'; }
}

write_web_configuration() { # write_web_configuration OWN_FOLDER REPOSITORIES
    cat >"$1/nginx.conf" <<CONF
user $(id -un); worker_processes auto; daemon off; pid $1/pid; error_log $1/error.log;
events { worker_connections 1024; }
http {
    access_log off; client_max_body_size 0;
    client_body_temp_path $1/body; proxy_temp_path $1/proxy; fastcgi_temp_path $1/fastcgi; uwsgi_temp_path $1/uwsgi; scgi_temp_path $1/scgi;
    server {
        listen 127.0.0.1:$remote_port ssl http2; ssl_certificate $1/web.pem; ssl_certificate_key $1/web.key;
        auth_basic git; auth_basic_user_file $1/htpasswd;
        location / {
            fastcgi_param QUERY_STRING \$query_string; fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param CONTENT_TYPE \$content_type; fastcgi_param CONTENT_LENGTH \$content_length;
            fastcgi_param REMOTE_ADDR \$remote_addr; fastcgi_param REMOTE_USER \$remote_user;
            fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend; fastcgi_param PATH_INFO \$uri;
            fastcgi_param GIT_PROJECT_ROOT $2; fastcgi_param GIT_HTTP_EXPORT_ALL ""; fastcgi_param HOME $1;
            fastcgi_param GIT_PROTOCOL \$http_git_protocol; fastcgi_pass unix:$1/fcgi.sock;
        }
    }
}
CONF
}

# --- repositories to serve --------------------------------------------------------------------------------------------

# What `git init --shared` and one commit of the empty tree make.
make_remote() { # make_remote FOLDER
    git init -q --bare --shared -b main "$1"
    git -C "$1" read-tree --empty
    git -C "$1" -c user.name=bench -c user.email=bench@localhost update-ref refs/heads/main \
        "$(git -C "$1" -c user.name=bench -c user.email=bench@localhost commit-tree "$(git -C "$1" write-tree)" -m .)"
    count_pushes_of "$1"
}

# The reflog has a line for each push, and costs no process as a hook would.
count_pushes_of() { # count_pushes_of REPOSITORY
    git -C "$1" config receive.autogc false
    git -C "$1" config core.logAllRefUpdates always
}

pushes() { # pushes REPOSITORY
    if [ -e "$1/logs/refs/heads/main" ]; then wc -l <"$1/logs/refs/heads/main"; else echo 0; fi
}
