# One file that UEFI starts: systemd's stub with the kernel, the initramfs and the command line as sections. Sourced by vm/build.

readonly uki_stub=/usr/lib/systemd/boot/efi/linuxx64.efi.stub uki_page=4096

uki() { # uki OUT KERNEL INITRAMFS COMMAND_LINE
    local at=0 size address section file arguments=()
    printf '%s\0' "$4" >"$work/cmdline"
    printf 'ID=pasteur\nNAME=Pasteur\nPRETTY_NAME=Pasteur\n' >"$work/osrel"
    # Behind the last section of the stub, each at a page of its own. The kernel comes last: it unpacks itself over what follows.
    while read -r _ _ size address _; do
        [ $((0x$size + 0x$address)) -le "$at" ] || at=$((0x$size + 0x$address))
    done < <(objdump --section-headers "$uki_stub" | grep -E '^ *[0-9]+ \.')
    [ "$at" -gt 0 ] || fail "can't read the sections of $uki_stub"
    for section in "osrel:$work/osrel" "cmdline:$work/cmdline" "initrd:$3" "linux:$2"; do
        file=${section#*:}
        at=$(((at + uki_page - 1) / uki_page * uki_page))
        arguments+=(--add-section ".${section%%:*}=$file" --change-section-vma ".${section%%:*}=$(printf 0x%x "$at")")
        at=$((at + $(stat -c %s "$file")))
    done
    objcopy "${arguments[@]}" "$uki_stub" "$1"
    # objcopy notes the time, and a checksum over it, which UEFI does not read: both are zero in ours (PE format: at 8 and 88 of the header).
    at=$(od -A n -t u4 -j 60 -N 4 "$1")
    zero "$1" $((at + 8))
    zero "$1" $((at + 88))
}

zero() { printf '\0\0\0\0' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; } # zero FILE OFFSET
