using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class ProcessArgumentsTests
{
    [Fact]
    public void Place_of_the_arguments_is_found_behind_a_name_with_spaces_and_brackets()
    {
        var fields = string.Join(' ', Enumerable.Range(4, 49).Select(n => $"{n * 10}"));

        Assert.Equal((480, 490), ProcessArguments.Find($"1 (a) b (c) S {fields}\n"));
    }

    [Fact]
    public void Short_line_is_a_fault_of_format() => Assert.Throws<FormatException>(() => ProcessArguments.Find("1 (a) S 1 2 3"));
}
