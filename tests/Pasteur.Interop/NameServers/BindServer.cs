using System.Diagnostics;

namespace Pasteur.Interop.NameServers;

internal sealed class BindServer : NameServer
{
    protected override ProcessStartInfo Configure()
    {
        var keys = string.Concat(Keys.Select(key => $"key \"{key.Name}\" {{ algorithm {key.Algorithm}; secret \"{key.Secret}\"; }};\n"));
        var policy = string.Concat(Keys.Where(key => key.Name != "reader").Select(key => $"grant {key.Name} zonesub TXT; "));
        var zones = string.Concat(Zones.Keys.Select(zone => $"zone \"{zone}\" {{ type primary; file \"{Folder}/{zone}.zone\"; update-policy {{ {policy}}}; }};\n"));
        File.WriteAllText(Path.Combine(Folder, "named.conf"), $$"""
            {{keys}}
            controls { };
            options {
                directory "{{Folder}}"; pid-file "{{Folder}}/named.pid"; session-keyfile "{{Folder}}/session.key";
                listen-on port {{Port}} { 127.0.0.1; }; listen-on-v6 { none; };
                recursion no; dnssec-validation no; empty-zones-enable no; notify no;
            };
            {{zones}}
            """);
        return new ProcessStartInfo("/usr/sbin/named", ["-g", "-n", "1", "-c", Path.Combine(Folder, "named.conf")]);
    }
}
