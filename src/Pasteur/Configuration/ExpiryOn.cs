namespace Pasteur.Configuration;

/// <summary>Where pastes that end are kept when there is a remote.</summary>
internal enum ExpiryOn
{
    /// <summary>On the remote too, on branches that are deleted there when their time comes.</summary>
    Remote,

    /// <summary>On this machine alone: the remote, and other servers that share it, never see them.</summary>
    Local,

    /// <summary>Nowhere: they are refused.</summary>
    None,
}
