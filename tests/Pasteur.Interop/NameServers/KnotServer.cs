using System.Diagnostics;

namespace Pasteur.Interop.NameServers;

internal sealed class KnotServer : NameServer
{
    protected override ProcessStartInfo Configure()
    {
        var keys = string.Concat(Keys.Select(key => $"  - id: {key.Name}\n    algorithm: {key.Algorithm}\n    secret: {key.Secret}\n"));
        var zones = string.Concat(Zones.Keys.Select(zone => $"  - domain: {zone}\n    storage: {Folder}\n    file: {zone}.zone\n    acl: acme\n"));
        File.WriteAllText(Path.Combine(Folder, "knot.conf"), $"""
            server:
              rundir: {Folder}
              pidfile: {Folder}/knot.pid
              listen: 127.0.0.1@{Port}
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
            database:
              storage: {Folder}
              journal-db-max-size: 64M
            log:
              - target: stderr
                any: info
            key:
            {keys.TrimEnd()}
            acl:
              - id: acme
                key: [{string.Join(", ", Keys.Where(key => key.Name != "reader").Select(key => key.Name))}]
                action: update
                update-type: TXT
            zone:
            {zones.TrimEnd()}

            """);
        return new ProcessStartInfo("/usr/sbin/knotd", ["-c", Path.Combine(Folder, "knot.conf")]);
    }
}
