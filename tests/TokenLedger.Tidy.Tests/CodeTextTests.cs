// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Tidy.Tests;

/// <summary>
/// The measuring tools measure right: a broken one would find nothing, and all would look tidy.
/// </summary>
public sealed class CodeTextTests
{
    [Fact]
    public void Of_StringsAndComments_AreBlankAndLinesStay()
    {
        const string Source =
            "a // TODO\n\"x{\\\"}\" b /* { \n */ 'c' @\"\"\"q\" \"\"\"\n raw { \"\n\"\"\" d";
        string code = CodeText.Of(Source);
        Assert.Equal(Source.Length, code.Length);
        Assert.Equal(
            ["a", "b", "@", "d"], code.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(Source.Count(c => c == '\n'), code.Count(c => c == '\n'));
    }

    [Fact]
    public void Members_OfAType_AreFoundWithTheirLengths()
    {
        const string Source = """
            namespace A;

            public sealed class B(int c)
            {
                private static int _field = 1;
                private static readonly int[] Table = [1, 2];

                public int Property { get; init; }

                public int Arrow(int x = 3) => x switch
                {
                    1 => 2,
                    _ => 3,
                };

                public void Method<T>(T value)
                    where T : class
                {
                    if (value is null)
                    {
                        return;
                    }
                }

                private enum E { One, Two }

                private sealed record Inner(int A)
                {
                    public int Twice => 2 * A;
                }
            }
            """;
        IReadOnlyList<Member> members = Members.Of(CodeText.Of(Source));
        Assert.Equal(
            [("private static int _field", 5, 1), ("private static readonly int[] Table", 6, 1),
                ("public int Property", 8, 1), ("public int Arrow(int x = 3)", 10, 5),
                ("public void Method<T>(T value) where T : class", 16, 8), ("public int Twice", 29, 1)],
            members.Where(m => m.Header.StartsWith('p'))
                .Select(m => (m.Header, m.Line, m.Lines)));
    }
}
