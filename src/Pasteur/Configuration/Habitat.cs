namespace Pasteur.Configuration;

/// <summary>What the program runs in.</summary>
internal enum Habitat
{
    /// <summary>A process among others, on a system that is set up.</summary>
    Process,

    /// <summary>A virtual machine of its own, of which it is the only process.</summary>
    Machine,
}
