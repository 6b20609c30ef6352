namespace Pasteur.Configuration;

/// <summary>What the program's exit code says; the numbers are those of sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>An option or variable is wrong: nothing was touched.</summary>
    public const int Usage = 64;

    /// <summary>The stored data is damaged or of a format that this version can't read.</summary>
    public const int DataDamaged = 65;

    /// <summary>The address or port can't be listened on.</summary>
    public const int AddressUnavailable = 69;

    /// <summary>A fault of the program itself.</summary>
    public const int Internal = 70;

    /// <summary>The data folder can't be made, written or locked.</summary>
    public const int DataFolderUnusable = 73;
}
