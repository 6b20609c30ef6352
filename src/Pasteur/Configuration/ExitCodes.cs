namespace Pasteur.Configuration;

/// <summary>What the program's exit code says; the numbers are those of sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>An option or variable is wrong: nothing was touched.</summary>
    public const int Usage = 64;

    /// <summary>The stored data is damaged or of a format that this version can't read.</summary>
    public const int DataDamaged = 65;

    /// <summary>What was to be sent or fetched is not what it should be: a wrong key, a paste too large.</summary>
    public const int WrongData = 65;

    /// <summary>There is no such file, or no such paste.</summary>
    public const int NoInput = 66;

    /// <summary>The address or port can't be listened on.</summary>
    public const int AddressUnavailable = 69;

    /// <summary>The site can't be reached, or does not work at the moment.</summary>
    public const int SiteUnavailable = 69;

    /// <summary>A fault of the program itself.</summary>
    public const int Internal = 70;

    /// <summary>The data folder can't be made, written or locked.</summary>
    public const int DataFolderUnusable = 73;

    /// <summary>A file that was to be saved can't be made.</summary>
    public const int CannotCreate = 73;

    /// <summary>What answered is no Pasteur, or not as it should.</summary>
    public const int Protocol = 76;

    /// <summary>The site asks for a user and a password, or for others.</summary>
    public const int NotAllowed = 77;
}
