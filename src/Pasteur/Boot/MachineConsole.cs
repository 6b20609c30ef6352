namespace Pasteur.Boot;

/// <summary>What the machine says: one line an event, on its console.</summary>
internal static class MachineConsole
{
    public static void Say(string line) =>
        Console.Error.WriteLine($"pasteur: {string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c))}");
}
