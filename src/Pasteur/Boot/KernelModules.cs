namespace Pasteur.Boot;

/// <summary>Drivers that the image brings along for its kernel, in the order in which they need each other; a kernel that has all of them inside brings none.</summary>
internal static class KernelModules
{
    private const string Folder = "/lib/modules";
    private const long FinitModule = 313;

    public static void LoadAll()
    {
        var order = Path.Combine(Folder, "order");
        if (!File.Exists(order))
            return;
        foreach (var name in File.ReadLines(order))
        {
            using var file = File.OpenHandle(Path.Combine(Folder, name));
            // A driver of another kind of machine finds no device, nor do those that build on it find that driver; and that is all right.
            if (Native.LoadModule(FinitModule, file, "", 0) != 0 && Native.Errno is not (Native.Exists or Native.NoSuchDevice or Native.NoSuchEntry))
                MachineConsole.Say($"the driver {name} can't be loaded: {Native.Reason}");
        }
    }
}
