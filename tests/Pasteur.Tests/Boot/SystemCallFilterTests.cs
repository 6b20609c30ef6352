using Pasteur.Boot;

namespace Pasteur.Tests.Boot;

public sealed class SystemCallFilterTests
{
    private const uint X64 = 0xC000003E, X32Bit = 0x40000000;
    private const uint Allow = 0x7FFF0000, NoSuchCall = 0x00050026, Kill = 0x80000000;

    [Fact]
    public void What_is_listed_passes_and_nothing_else_does()
    {
        int[] allowed = [0, 1, 2, 7, 300, 301];
        var program = SystemCallFilter.Build(allowed);

        for (var number = 0u; number < 1000; number++)
            Assert.Equal(allowed.Contains((int)number) ? Allow : NoSuchCall, Run(program, number, X64));
    }

    [Theory]
    [InlineData(59)] // execve
    [InlineData(322)] // execveat
    [InlineData(57)] // fork
    [InlineData(58)] // vfork
    [InlineData(101)] // ptrace
    [InlineData(165)] // mount
    [InlineData(166)] // umount2
    [InlineData(105)] // setuid
    [InlineData(117)] // setresuid
    [InlineData(126)] // capset
    [InlineData(175)] // init_module
    [InlineData(313)] // finit_module
    [InlineData(246)] // kexec_load
    [InlineData(321)] // bpf
    [InlineData(425)] // io_uring_setup
    [InlineData(272)] // unshare
    [InlineData(308)] // setns
    [InlineData(310)] // process_vm_readv
    public void Site_runs_mounts_traces_and_loads_nothing(uint number) => Assert.Equal(NoSuchCall, Run(SystemCallFilter.Build(SystemCalls.Allowed), number, X64));

    [Fact]
    public void Calls_of_another_architecture_end_the_process_and_those_of_x32_are_unknown()
    {
        var program = SystemCallFilter.Build(SystemCalls.Allowed);

        Assert.Equal(Kill, Run(program, 0, 0x40000003)); // i386
        Assert.Equal(NoSuchCall, Run(program, 0 | X32Bit, X64));
    }

    [Fact]
    public void Filter_is_one_that_the_kernel_takes() => Assert.InRange(SystemCallFilter.Build(SystemCalls.Allowed).Length, 6, 4096);

    // Classic BPF, as far as the filter uses it.
    private static uint Run(ulong[] program, uint number, uint architecture)
    {
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var (code, ifTrue, ifFalse, operand) = ((ushort)program[at], (byte)(program[at] >> 16), (byte)(program[at] >> 24), (uint)(program[at] >> 32));
            switch (code)
            {
                case 0x20:
                    accumulator = operand == 0 ? number : operand == 4 ? architecture : throw new InvalidOperationException($"loads {operand}");
                    break;
                case 0x15:
                    at += accumulator == operand ? ifTrue : ifFalse;
                    break;
                case 0x35:
                    at += accumulator >= operand ? ifTrue : ifFalse;
                    break;
                case 0x06:
                    return operand;
                default:
                    throw new InvalidOperationException($"unknown instruction {code}");
            }
        }
    }
}
