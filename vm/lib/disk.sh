# A GPT disk whose one partition holds pasteur.efi where firmware looks for it. No loop device, no root. Sourced by vm/build.

readonly disk_id=50415354-4555-5200-0000-000000000001 esp_type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B

disk() { # disk OUT EFI
    local kib esp=$work/esp
    # FAT32 has at least 65,525 clusters, 34 MB of 512 bytes.
    kib=$((($(stat -c %s "$2") / 1048576 + 8) * 1024))
    [ $kib -ge 36864 ] || kib=36864
    truncate -s "${kib}K" "$esp"
    mkfs.vfat -F 32 -s 1 -n PASTEUR -i 50415354 --invariant "$esp" >/dev/null
    # mtools takes the time of a file that it copies, and the present for folders: SOURCE_DATE_EPOCH stops that.
    touch -d @315532800 "$2"
    SOURCE_DATE_EPOCH=315532800 mmd -i "$esp" ::/EFI ::/EFI/BOOT
    SOURCE_DATE_EPOCH=315532800 mcopy -m -i "$esp" "$2" ::/EFI/BOOT/BOOTX64.EFI
    truncate -s $((kib * 1024 + 2 * 1048576)) "$1"
    sfdisk -q "$1" <<END
label: gpt
label-id: $disk_id
start=2048, size=$((kib * 2)), type=$esp_type, uuid=$disk_id, name="PASTEUR"
END
    dd if="$esp" of="$1" bs=1M seek=1 conv=notrunc,sparse status=none
    rm "$esp"
}
