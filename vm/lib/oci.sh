# An OCI image layout (image-spec 1.0) as a tar: the program and the authorities, nothing below them. Sourced by vm/build.

oci() { # oci OUT PROGRAM
    local root=$work/oci-root layout=$work/oci blobs=$work/oci/blobs/sha256 layer diff config
    mkdir -p "$root"/{tmp,data,etc/ssl/certs} "$blobs"
    install -m 755 "$2" "$root/pasteur"
    install -m 644 "$work/authorities" "$root/etc/ssl/certs/ca-certificates.crt"
    printf 'pasteur:x:1000:1000::/data:/\n' >"$root/etc/passwd"
    chmod -R u=rwX,go=rX "$root"
    chmod 1777 "$root/tmp"
    plain_tar "$work/layer.tar" "$root" --owner=0 --group=0 --exclude=./data .
    # The folder for pastes is the user's: a volume that is mounted there takes its owner.
    plain_tar "$work/data.tar" "$root" --owner=1000 --group=1000 ./data
    tar --concatenate --file="$work/layer.tar" "$work/data.tar"
    diff=$(sha256sum <"$work/layer.tar" | cut -c -64)
    gzip -9n "$work/layer.tar"
    layer=$(oci_blob "$blobs" "$work/layer.tar.gz")
    cat >"$work/config.json" <<END
{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{"User":"1000:1000","ExposedPorts":{"4343/tcp":{}},"Env":["PASTEUR_BIND=*","PASTEUR_DATA=/data","SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],"Entrypoint":["/pasteur"],"Volumes":{"/data":{}},"WorkingDir":"/data","StopSignal":"SIGTERM"},"rootfs":{"type":"layers","diff_ids":["sha256:$diff"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"vm/build"}]}
END
    config=$(oci_blob "$blobs" "$work/config.json")
    cat >"$work/manifest.json" <<END
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",$config},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",$layer}]}
END
    printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",%s,"annotations":{"org.opencontainers.image.ref.name":"latest"}}]}' \
        "$(oci_blob "$blobs" "$work/manifest.json")" >"$layout/index.json"
    chmod -R u=rwX,go=rX "$layout"
    plain_tar "$1" "$layout" --owner=0 --group=0 .
}

# Stores a file under its digest, and prints the two members that describe it.
oci_blob() { # oci_blob BLOBS FILE
    local digest size
    digest=$(sha256sum <"$2" | cut -c -64) size=$(stat -c %s "$2")
    mv "$2" "$1/$digest"
    printf '"digest":"sha256:%s","size":%d' "$digest" "$size"
}

plain_tar() { # plain_tar OUT FOLDER ARGUMENTS...
    local to=$1 folder=$2; shift 2
    tar --format=ustar --sort=name --mtime=@0 --numeric-owner --create --file="$to" --directory="$folder" "$@"
}
