# Debian's kernel for clouds, and those of its modules that a machine needs. Nothing of it is installed. Sourced by vm/build.

# What drives disk, network, clock, keys and randomness on virtio, Xen, Hyper-V and Amazon's machines.
readonly modules_wanted='virtio_pci virtio_mmio virtio_net virtio_blk virtio_rng xen_netfront xen_blkfront hv_netvsc hv_storvsc hv_utils ena nvme sd_mod evdev button qemu_fw_cfg'

kernel_debian() { # kernel_debian IMAGE MODULES: the kernel, and a folder with modules and the file "order"
    local package version folder modules
    package=$(apt-cache depends "$kernel_package" 2>/dev/null | awk '/Depends: linux-image-[0-9]/{print $2; exit}')
    [ -n "$package" ] || { as_root apt-get -o DPkg::Lock::Timeout=300 update -qq >/dev/null 2>&1 || true; package=$(apt-cache depends "$kernel_package" | awk '/Depends: linux-image-[0-9]/{print $2; exit}'); }
    [ -n "$package" ] || fail "apt knows no $kernel_package; this needs Debian's package lists"
    version=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Version: //p')
    folder=$cache/$package-$version
    if [ ! -d "$folder" ]; then
        say "fetching $package $version"
        mkdir "$work/deb"
        (cd "$work/deb" && apt-get download -qq "$package" >/dev/null 2>&1) || fail "apt can't download $package"
        dpkg -x "$work/deb/$package"_*.deb "$work/unpacked"
        mv -T "$work/unpacked" "$folder" 2>/dev/null || [ -d "$folder" ] || fail "can't write $folder"
    fi
    cp "$folder"/boot/vmlinuz-* "$1"
    modules=$(echo "$folder"/lib/modules/*/kernel)
    for each in $modules_wanted; do add_module "$modules" "$each" "$2"; done
}
