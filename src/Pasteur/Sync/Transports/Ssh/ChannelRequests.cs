using System.Text;
using Renci.SshNet.Messages.Connection;

namespace Pasteur.Sync.Transports.Ssh;

// RFC 4254, section 6.1: a session needs nothing beyond its name.
internal sealed class SessionOpenInfo : ChannelOpenInfo
{
    public override string ChannelType => "session";
}

// RFC 4254, section 6.4. Without a reply: a server that takes no variables speaks an older protocol of Git, and does not cost a round trip.
//
//   boolean want-reply   string name   string value
internal sealed class EnvironmentRequest(string name, string value) : RequestInfo
{
    public override string RequestName => "env";

    protected override void SaveData()
    {
        base.SaveData();
        Write(name, Encoding.ASCII);
        Write(value, Encoding.ASCII);
    }
}

// RFC 4254, section 6.5.
//
//   boolean want-reply   string command
internal sealed class ExecRequest : RequestInfo
{
    private readonly string _command;

    public ExecRequest(string command)
    {
        _command = command;
        WantReply = true;
    }

    public override string RequestName => "exec";

    protected override void SaveData()
    {
        base.SaveData();
        Write(_command, Encoding.UTF8);
    }
}
