// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Chaos;

namespace TokenLedger.Cluster.Tests;

/// <summary>What a hurried person types: refused with the same end in each language, before anything is done.
/// </summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class ExampleWordsTests
{
    // Nobody listens there.
    private const string Node = "127.0.0.1:1";
    private const string Account = "0x00112233445566778899aabbccddeeff00112233";

    private static readonly string Hash = new('a', 64);

    public ExampleWordsTests() => ExampleProgram.CopyTypeScript();

    /// <summary>Each changes one word of a right withdrawal.</summary>
    private static readonly (string Name, string Value)[] WrongPayments =
    [
        ("--tga", "7421"),
        ("--tag", "18446744073709551623"),
        ("--tag", "7421x"),
        ("--tag", "07421"),
        ("--tag", "-1"),
        ("--tag", ""),
        ("--amount", "1.5"),
        ("--amount", "1_000"),
        ("--amount", "340282366920938463463374607431768211456"),
        ("--request-id", "12"),
        ("--request-id", "nonsense"),
        ("--request-id", "6f1e7c1a0b51-4f0e-9f3c-2f3b1f0c9a11"),
        ("--request-id", "{6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11}"),
        ("--to", "0x0011"),
        ("--to", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeE"),
        ("--asset", "gov-bond-2031"),
        ("--genesis", "aa"),
        ("--node", "127.0.0.1"),
        ("--node", "http://127.0.0.1:7102"),
        ("--patience", "soon"),
        ("--valid-for", "604801"),
        ("--api-key-file", "/dev/null"),
        ("--tls-ca", "/dev/null"),
    ];

    [Fact]
    public async Task Withdraw_WrongWord_IsRefusedBeforeAnythingIsDone()
    {
        using var temporary = new TestFolder();
        await Task.WhenAll(ExampleProgram.All.Select(async program =>
        {
            string journal = Path.Combine(temporary.Path, $"{program}.journal");
            foreach ((string name, string value) in WrongPayments)
            {
                Dictionary<string, string> words = Payment(journal);
                words[name] = value;
                await RequireRefusedAsync(program, "withdraw", Pairs(words));
            }

            Dictionary<string, string> abroad = Payment(journal);
            abroad["--node"] = "ledger.example:7443";
            abroad["--api-key-file"] = "/dev/null";
            await RequireRefusedAsync(program, "withdraw", Pairs(abroad));
            await RequireRefusedAsync(
                program, "withdraw", [.. Pairs(Payment(journal)), "--tag", "1", "--tag", "2"]);
            await RequireRefusedAsync(program, "withdraw", Pairs(Payment(journal))[2..]);
            await RequireRefusedAsync(program, "withdraw", [.. Pairs(Payment(journal)), "--tag"]);
            Assert.False(File.Exists(journal), program.ToString());
        }));
    }

    [Fact]
    public async Task Others_WrongWord_IsRefusedBeforeAnythingIsDone()
    {
        string[] read = ["--node", Node, "--account", Account];
        await Task.WhenAll(ExampleProgram.All.Select(async program =>
        {
            await RequireRefusedAsync(program, "deposits", [.. read, "--book", "book"]);
            await RequireRefusedAsync(
                program, "deposits", [.. read, "--book", "book", "--genesis", Hash, "--untl", "1"]);
            await RequireRefusedAsync(program, "reconcile", [.. read, "--book", "book", "--height", "1x"]);
            await RequireRefusedAsync(
                program, "proof", ["--account", Account, "--asset", "GOV-BOND-2031", "--genesis", Hash]);
            await RequireRefusedAsync(
                program, "proof", [.. read, "--asset", "GOV-BOND-2031", "--genesis", Hash, "--file", "x"]);
        }));
    }

    [Fact]
    public async Task Programs_NodeIsDown_FailAndSayNothingOfAProofOrAPayment()
    {
        using var temporary = new TestFolder();
        string book = Path.Combine(temporary.Path, "book");
        string[] read = ["--node", Node, "--account", Account];
        await Task.WhenAll(ExampleProgram.All.Select(async program =>
        {
            foreach (Ended down in (Ended[])
            [
                await program.RunAsync(
                    "proof", [.. read, "--asset", "GOV-BOND-2031", "--genesis", Hash]),
                await program.RunAsync("reconcile", [.. read, "--book", book]),
                await program.RunAsync(
                    "withdraw", Pairs(Payment(Path.Combine(temporary.Path, $"{program}.journal")))),
            ])
            {
                Assert.True(down is { ExitCode: 1, Output: "" }, $"{program}: {down}");
                Assert.Single(down.Errors.Trim().Split('\n'));
            }
        }));
    }

    [Fact]
    public async Task TypeScript_Sources_PassTheCompiler()
    {
        string folder = ExampleProgram.CopyTypeScript();
        string compiler = Path.Combine(folder, "node_modules", "typescript", "bin", "tsc");
        Ended checkedTypes = await ExampleProgram.RunAnyAsync(ExampleProgram.Node, compiler, "-p", folder);
        Assert.True(checkedTypes.ExitCode == 0, checkedTypes.ToString());
    }

    private static async Task RequireRefusedAsync(ExampleProgram program, string name, string[] words)
    {
        Ended ended = await program.RunAsync(name, words);
        Assert.True(
            ended is { ExitCode: 2, Output: "" }, $"{program} {name} {string.Join(' ', words)}: {ended}");
        Assert.Single(ended.Errors.Trim().Split('\n'));
    }

    private static Dictionary<string, string> Payment(string journal) => new()
    {
        ["--node"] = Node,
        ["--genesis"] = Hash,
        ["--keystore"] = "key.json",
        ["--password-file"] = "password",
        ["--journal"] = journal,
        ["--request-id"] = "6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11",
        ["--asset"] = "GOV-BOND-2031",
        ["--to"] = Account,
        ["--amount"] = "5",
    };

    private static string[] Pairs(Dictionary<string, string> words) =>
        [.. words.SelectMany(static pair => (string[])[pair.Key, pair.Value])];
}
