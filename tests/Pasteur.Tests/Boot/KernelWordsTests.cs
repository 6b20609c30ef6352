using Pasteur.Boot;

namespace Pasteur.Tests.Boot;

public sealed class KernelWordsTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  \n\t ", new string[0])]
    [InlineData("--port 80\n-r git://10.0.2.2/p\n", new[] { "--port", "80", "-r", "git://10.0.2.2/p" })]
    [InlineData("--title=\"My pastes\" -p 1", new[] { "--title=My pastes", "-p", "1" })]
    [InlineData("\"--title=My pastes\"", new[] { "--title=My pastes" })]
    [InlineData("--subtitle=\"\" \"\"", new[] { "--subtitle=", "" })]
    [InlineData("--title=\"not closed -p 1", new[] { "--title=not closed -p 1" })]
    [InlineData("a\\ b 'c d'", new[] { "a\\", "b", "'c", "d'" })]
    public void Text_is_split_as_the_kernel_splits_its_command_line(string text, string[] words) => Assert.Equal(words, KernelWords.Split(text));
}
