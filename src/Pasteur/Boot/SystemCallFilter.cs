using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// Lets the site make the system calls of <see cref="SystemCalls.Allowed"/> and no others (seccomp(2)): to those the kernel answers that it has no such call.
/// The filter is a program of classic BPF over struct seccomp_data: number i32, architecture u32, instruction pointer, arguments.
/// </summary>
internal static unsafe class SystemCallFilter
{
    private const long SeccompCall = 317;
    private const uint SetModeFilter = 1, AllThreads = 1;
    private const uint ArchitectureX64 = 0xC000003E, ResultKill = 0x80000000, ResultAllow = 0x7FFF0000, ResultError = 0x00050000;
    private const uint NoSuchCall = 38;
    private const ushort LoadWord = 0x20, JumpEqual = 0x15, JumpGreaterOrEqual = 0x35, Return = 0x06;
    private const uint NumberAt = 0, ArchitectureAt = 4;

    /// <summary>For every thread of the process, and those to come.</summary>
    public static void Install()
    {
        var program = Build(SystemCalls.Allowed);
        fixed (ulong* instructions = program)
        {
            var description = new Native.FilterProgram { Length = (ushort)program.Length, Instructions = instructions };
            if (Native.Seccomp(SeccompCall, SetModeFilter, AllThreads, &description) != 0)
                throw new StartFailedException(ExitCodes.Internal, $"the site's system calls can't be restricted: {Native.Reason}; the kernel needs SECCOMP_FILTER");
        }
    }

    /// <summary>The filter's instructions: code u16, jump if true u8, jump if false u8, operand u32. A range of numbers takes two.</summary>
    public static ulong[] Build(IReadOnlyList<int> allowed)
    {
        var ranges = Ranges(allowed);
        var program = new List<ulong>
        {
            Instruction(LoadWord, ArchitectureAt),
            Instruction(JumpEqual, ArchitectureX64, ifTrue: 1),
            Instruction(Return, ResultKill),
            Instruction(LoadWord, NumberAt),
        };
        foreach (var (first, last) in ranges)
        {
            // Not below the first, and not above the last: allowed. A jump reaches no further than 255, so each range returns by itself.
            program.Add(Instruction(JumpGreaterOrEqual, (uint)first, ifFalse: 2));
            program.Add(Instruction(JumpGreaterOrEqual, (uint)last + 1, ifTrue: 1));
            program.Add(Instruction(Return, ResultAllow));
        }
        program.Add(Instruction(Return, ResultError | NoSuchCall));
        return [.. program];
    }

    private static List<(int First, int Last)> Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var number in numbers.Order())
        {
            if (ranges is [.., var last] && number <= last.Last + 1)
                ranges[^1] = (last.First, number);
            else
                ranges.Add((number, number));
        }
        return ranges;
    }

    private static ulong Instruction(ushort code, uint operand, byte ifTrue = 0, byte ifFalse = 0) =>
        code | (ulong)ifTrue << 16 | (ulong)ifFalse << 24 | (ulong)operand << 32;
}
