using System.Net;
using Pasteur.Dns;

namespace Pasteur.Configuration;

/// <summary>How the site's names are proved by DNS: where the primary of their zone is, and the key that it takes updates with.</summary>
internal sealed record DnsSettings(TsigKey Key, IPEndPoint Server);
