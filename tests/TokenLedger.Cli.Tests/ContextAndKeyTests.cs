// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Tests;

public sealed class ContextAndKeyTests
{
    private const string Secret = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    private const string SecretsAddress = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23";

    [Fact]
    public async Task Create_PublishedGenesis_SavesAndUses()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        string node = tl.Nodes[0].Address.ToString();

        CliResult created = await tl.RunBareAsync(
            "context", "create", "dev", "--node", node, "--genesis", tl.Ledger.GenesisHash.ToString(),
            "--use");
        CliResult listed = await tl.RunBareAsync("context", "list", "-o", "json");
        CliResult shown = await tl.RunBareAsync("context", "show", "-o", "json");
        CliResult again = await tl.RunBareAsync(
            "context", "create", "dev", "--node", node, "--genesis", tl.Ledger.GenesisHash.ToString(), "-o",
            "json");

        Assert.Equal(0, created.Exit);
        Assert.Equal("dev", (string)listed.Json[0]!["name"]!);
        Assert.True((bool)listed.Json[0]!["current"]!);
        Assert.Equal((int)FakeLedger.ChainId, (int)shown.Json["chainId"]!);
        Assert.Equal(
            [
                "name", "endpoints", "caFile", "apiKeyFile", "chainId", "genesisHash", "keyDirectory",
                "passwordFile", "production", "abroad", "labels"],
            shown.Json.AsObject().Select(m => m.Key));
        Assert.Equal((6, "CONTEXT_EXISTS"), (again.Exit, again.ErrorCode));
    }

    [Fact]
    public async Task Create_OtherGenesis_IsExit9()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunBareAsync(
            "context", "create", "dev", "--node", tl.Nodes[0].Address.ToString(), "--genesis",
            new string('1', 64), "-o", "json");

        Assert.Equal((9, "WRONG_NETWORK"), (result.Exit, result.ErrorCode));
    }

    [Fact]
    public async Task Create_NoHash_AsksAPersonAndRefusesAScript()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        string[] create = ["context", "create", "dev", "--node", tl.Nodes[0].Address.ToString()];

        CliResult script = await tl.RunBareAsync(create);
        tl.Terminal = true;
        tl.Input = "000000\n";
        CliResult wrong = await tl.RunBareAsync(create);
        tl.Input = tl.Ledger.GenesisHash.ToString()[^6..] + "\n";
        CliResult right = await tl.RunBareAsync(create);

        Assert.Equal([8, 8, 0], [script.Exit, wrong.Exit, right.Exit]);
    }

    [Fact]
    public async Task Use_UnknownContext_IsExit3()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        Assert.Equal(3, (await tl.RunBareAsync("context", "use", "nowhere")).Exit);
        Assert.Equal(2, (await tl.RunBareAsync("context", "use", "../../etc/passwd")).Exit);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"endpoints":["ftp://x"]}""")]
    [InlineData("""{"genesisHash":"12"}""")]
    [InlineData("""{"production":"no"}""")]
    [InlineData("""{"caFile":7}""")]
    [InlineData("""{"labels":{"a":"0x12"}}""")]
    public async Task Load_MalformedContext_IsExit2(string text)
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        string path = Path.Combine(tl.Folder, "bad.json");
        await File.WriteAllTextAsync(path, text);

        CliResult result = await tl.RunBareAsync("asset", "list", "--context", path);

        Assert.Equal(2, result.Exit);
        Assert.DoesNotContain("BUG", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_FileAndStdin_GiveTheKnownAddress()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"));
        await File.WriteAllTextAsync(Path.Combine(tl.Folder, "secret.hex"), Secret + "\n");
        tl.Input = "0x" + Secret;

        CliResult file = await tl.RunAsync("key", "import", "secret.hex", "--development", "-o", "json");
        CliResult stdin =
            await tl.RunAsync("key", "import", "-", "--development", "--directory", "other", "-o", "json");
        CliResult listed = await tl.RunAsync("key", "list", "--directory", "other", "-o", "json");

        Assert.Equal(SecretsAddress, (string)file.Json["address"]!);
        Assert.Equal(SecretsAddress, (string)stdin.Json["address"]!);
        Assert.Equal(SecretsAddress, (string)listed.Json[0]!["address"]!);
    }

    [Fact]
    public async Task Import_SecretAsArgument_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"));

        CliResult result = await tl.RunAsync("key", "import", Secret);

        Assert.Equal(2, result.Exit);
        Assert.Contains(
            "must not stand on a command line", result.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Error + result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_Prompted_TakesTheSamePasswordTwice()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.Terminal = true;
        tl.Secrets.Enqueue("one");
        tl.Secrets.Enqueue("two");
        CliResult differ =
            await tl.RunBareAsync("key", "create", "--directory", "k", "--development", "-o", "json");
        tl.Secrets.Enqueue("same");
        tl.Secrets.Enqueue("same");
        CliResult same =
            await tl.RunBareAsync("key", "create", "--directory", "k", "--development", "-o", "json");
        tl.Secrets.Enqueue("same");
        string address = (string)same.Json["address"]!;
        tl.Input = address + "\n";
        CliResult exported = await tl.RunBareAsync("key", "export", (string)same.Json["file"]!);

        Assert.Equal((8, "PASSWORDS_DIFFER"), (differ.Exit, differ.ErrorCode));
        Assert.Equal(0, exported.Exit);
        using PrivateKey key = PrivateKey.Import(Convert.FromHexString(exported.Out.Trim()));
        Assert.Equal(address, Eip55.Format(key.Address));
    }

    [Fact]
    public async Task Export_ByAScript_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"));

        CliResult result = await tl.RunAsync("key", "export", "treasury", "-o", "json");

        Assert.Equal((8, "NOT_CONFIRMED"), (result.Exit, result.ErrorCode));
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Show_Label_NeedsNoPassword()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"));
        File.Delete(Path.Combine(tl.Folder, "password"));

        CliResult result = await tl.RunAsync("key", "show", "treasury", "-o", "json");

        Assert.Equal(0, result.Exit);
        Assert.Equal(Eip55.Format(tl["treasury"]), (string)result.Json["address"]!);
        Assert.Equal("treasury", (string)result.Json["label"]!);
    }

    [Fact]
    public async Task Open_KeyNotInTheDirectory_IsExit4()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(
            "transfer", "send", "--asset", "PIB-27", "--to", "treasury", "--amount", "1", "--from",
            "exchange-1", "-o", "json");

        Assert.Equal((4, "KEY_NOT_FOUND"), (result.Exit, result.ErrorCode));
    }
}
