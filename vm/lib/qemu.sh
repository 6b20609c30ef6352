# The machine that vm/run starts. Sourced; sets the array "arguments" from what the command line said.

check_arguments() {
    [ -z "$forward" ] || [[ $forward =~ ^[0-9]+$ && $forward -ge 1 && $forward -le 65535 ]] || refuse "--forward \"$forward\" is not a port; give a number from 1 to 65535"
    [ -z "$forward" ] || [ -z "$tap" ] || refuse '--forward and --tap contradict each other; give one of them'
    [ -z "$tap" ] || is_link "$tap" || refuse "--tap \"$tap\" is no network device here; vm/bridge makes one"
    [ -z "$uefi" ] || [ -z "$microvm" ] || refuse '--uefi and --microvm contradict each other; give one of them'
    [ -z "$handed_over" ] || [ -r "$handed_over" ] || refuse "--options \"$handed_over\" can't be read; give a file"
    [ -z "$uefi" ] || [ ${#options[@]} = 0 ] || { handed_over_words=$(command_line "${options[@]}"); handed_over_words=${handed_over_words#* -- }; }
    memory=${memory:-$(usual_memory)}
    [[ $memory =~ ^([0-9]+)([MG]?)$ ]] || refuse "--memory \"$memory\" is no size; give one such as 192M or 1G"
    memory_mb=${BASH_REMATCH[1]}
    [ "${BASH_REMATCH[2]}" != G ] || memory_mb=$((memory_mb * 1024))
    [ "$memory_mb" -ge $least_mb ] || refuse "--memory \"$memory\" is too little for a kernel and the program; give ${least_mb}M or more (192M for Debian's kernel)"
    local file
    for file in $([ -n "$uefi" ] && echo disk.img || echo kernel initramfs.zst); do
        [ -e "$out/$file" ] || refuse "$out/$file is missing; run vm/build first"
    done
}

usual_memory() { [ -n "$uefi" ] && echo 384M || echo 256M; }

prepare_disk() {
    [ -n "$disk" ] && [ ! -e "$disk" ] || return 0
    need mkfs.ext4:e2fsprogs
    truncate -s 2G "$disk"
    "$(command -v mkfs.ext4 || echo /usr/sbin/mkfs.ext4)" -q -L pasteur -E root_owner=1000:1000 "$disk"
    say "made the disk $disk"
}

# A machine inside of a machine may have the device and not what belongs to it: software emulation is slow, but works.
kvm_works() {
    [ -w /dev/kvm ] && (echo quit | timeout 10 qemu-system-x86_64 -accel kvm -cpu host -nodefaults -display none -m 32 -monitor stdio; exit $?) >/dev/null 2>&1
}

qemu_arguments() {
    local bus=pci network accelerator='tcg' cpu='max'
    ! kvm_works || { accelerator=kvm cpu=host; }
    [ -z "$microvm" ] || bus=device
    arguments=(-accel "$accelerator" -cpu "$cpu" -m "$memory_mb" -smp 1 -nodefaults -no-user-config -display none
        -chardev stdio,id=console -serial chardev:console
        -chardev "pipe,id=monitor,path=$state/monitor" -mon chardev=monitor,mode=readline)
    power_off_command=system_powerdown
    if [ -n "$microvm" ]; then
        # Without ACPI there is no power button: the machine is stopped as by a pulled plug. What was answered is on the disk or on the remote.
        power_off_command=quit
        arguments+=(-M microvm,acpi=off,pic=on,pit=on,rtc=on,isa-serial=on,auto-kernel-cmdline=off)
    else
        arguments+=(-M q35)
    fi
    if [ -n "$tap" ]; then network="tap,id=net,ifname=$tap,script=no,downscript=no"
    else network="user,id=net${forward:+,hostfwd=tcp:127.0.0.1:$forward-:$(site_port)}"; fi
    arguments+=(-netdev "$network" -device "virtio-net-$bus,netdev=net$([ -n "$microvm" ] || echo ,romfile=)")
    arguments+=(-object rng-random,id=random,filename=/dev/urandom -device "virtio-rng-$bus,rng=random")
    [ -z "$handed_over" ] || arguments+=(-fw_cfg "name=opt/pasteur/options,file=$handed_over")
    boot_arguments
    [ -z "$disk" ] || arguments+=(-drive "file=$disk,if=none,id=data,format=raw,cache=none" -device "virtio-blk-$bus,drive=data")
}

boot_arguments() {
    if [ -n "$uefi" ]; then
        need /usr/share/ovmf/OVMF.fd:ovmf
        if [ -n "${handed_over_words:-}" ]; then
            { [ -z "$handed_over" ] || cat "$handed_over"; printf '\n%s\n' "$handed_over_words"; } >"$state/options"
            arguments+=(-fw_cfg "name=opt/pasteur/options,file=$state/options")
        fi
        arguments+=(-bios /usr/share/ovmf/OVMF.fd -drive "file=$out/disk.img,if=none,id=boot,format=raw,readonly=on" -device virtio-blk-pci,drive=boot,bootindex=0)
        return
    fi
    local words
    words=$(command_line "${options[@]}")
    # Without ACPI, a microvm's devices are told on the command line: where QEMU puts the last ones first.
    [ -z "$microvm" ] || words="virtio_mmio.device=512@0xfeb00e00:12 virtio_mmio.device=512@0xfeb00c00:11 virtio_mmio.device=512@0xfeb00a00:10 reboot=t $words"
    arguments+=(-kernel "$out/kernel" -initrd "$out/initramfs.zst" -append "$words")
}

# The port that the site will listen on, as its options say.
site_port() {
    local each next='' port=4343
    for each in "${options[@]}"; do
        case $next$each in
            next*) port=${each}; next='' ;;
            -p | --port) next=next ;;
            --port=* | -p=*) port=${each#*=} ;;
            -p[0-9]*) port=${each#-p} ;;
        esac
    done
    echo "$port"
}

announce() { # announce MACHINE: says where the site is once it answers
    while kill -0 "$1" 2>/dev/null; do
        if curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$forward/healthz" 2>/dev/null; then
            say "the site answers at http://127.0.0.1:$forward/"
            return
        fi
        sleep 0.2
    done
}
