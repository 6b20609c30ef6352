# Drivers of a kernel of Debian. Sourced by vm/build and vm/xen.

# A module after those that it depends on.
add_module() { # add_module FROM NAME TO
    local file each
    file=$(find "$1" -name "${2//_/[-_]}.ko" | head -1)
    [ -n "$file" ] || return 0 # built in
    [ -e "$3/$(basename "$file")" ] && return
    for each in $(modinfo -F depends "$file" | tr ',' ' '); do add_module "$1" "$each" "$3"; done
    # Not stripped: that would break its signature.
    install -m 644 "$file" "$3/"
    basename "$file" >>"$3/order"
}
