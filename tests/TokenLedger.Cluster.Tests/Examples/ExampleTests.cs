// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// The examples, with the stock libraries of their languages, are what an exchange would run: killed, cut
/// off, deceived, and right at the end of the day. All languages at once, each with accounts of its own.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class ExampleTests(ProcessCluster cluster) : IAsyncLifetime
{
    private const int Deposits = 40;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private static readonly ScryptCost Cost = new(1024, 8, 1);

    private string Nodes => $"{cluster.Api(0).Authority},{cluster.Api(1).Authority}";

    private string Genesis => cluster.Client.Digest.GenesisHash.ToString();

    public async Task InitializeAsync()
    {
        ExampleProgram.CopyTypeScript();
        await cluster.EnsureWholeAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Deposits_KilledAndCutOffAgainAndAgain_AreBookedOnceAndTheDayCloses()
    {
        PrivateKey[] keys = await Load.FundedAsync(cluster, 1 + ExampleProgram.All.Count);
        Task[] watching =
        [
            .. ExampleProgram.All.Select((program, i) => WatchAsync(program, keys[1 + i].Address)),
        ];
        for (int i = 0; i < Deposits; i += 4)
        {
            int first = i;
            await cluster.Client.DoAsync(keys[0], [.. keys[1..].SelectMany(exchange =>
                Enumerable.Range(1, 4).Select(n => (Operation)new Transfer(
                    Load.Asset, exchange.Address, new Amount(1), Tag: (ulong)(first + n))))]);
        }

        await Task.WhenAll(watching);
        Array.ForEach(keys, static key => key.Dispose());
    }

    [Fact]
    public async Task Reconcile_AssetThatLeftSinceAndThatTheBookLacks_DiffersAtTheHeightOfThen()
    {
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        string then = $"{(await cluster.StatusAsync(0)).Height}";
        await cluster.Client.DoAsync(keys[0], new Transfer(Load.Asset, keys[1].Address, Setup.UnitsEach));
        await Task.WhenAll(ExampleProgram.All.Select(async program =>
        {
            string book = Path.Combine(cluster.Folder, $"{program}.empty");
            await NewBookAsync(program, book);
            Ended lacks = await ReconcileAsync(program, keys[0].Address, book, "--height", then);
            Assert.True(lacks.ExitCode == 9, $"{program}: {lacks}");
            Assert.Contains(
                $"ledger {Setup.UnitsEach} book 0 DIFFERS: the book lacks ", lacks.Output,
                StringComparison.Ordinal);
            Ended now = await ReconcileAsync(program, keys[0].Address, book);
            Assert.True(now is { ExitCode: 0, Output: "" }, $"{program}: {now}");
        }));
        Array.ForEach(keys, static key => key.Dispose());
    }

    [Fact]
    public async Task Withdraw_AnswerLostAfterTheCommit_IsPaidOnceHoweverOftenItIsRun()
    {
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2 * ExampleProgram.All.Count);
        await Task.WhenAll(ExampleProgram.All.Select(
            (program, i) => WithdrawAsync(program, keys[2 * i], keys[(2 * i) + 1].Address)));
        Array.ForEach(keys, static key => key.Dispose());
    }

    [Fact]
    public async Task Proof_AnythingTamperedWith_IsNotTaken()
    {
        using PrivateKey holder = (await Load.FundedAsync(cluster, 1))[0];
        using var stranger = PrivateKey.Generate();
        V1.BalanceProof proof = await ProofAsync(holder.Address);
        V1.BalanceProof nothing = await ProofAsync(stranger.Address);
        string folder = Directory.CreateDirectory(Path.Combine(cluster.Folder, "proofs")).FullName;
        string right = Write("right", proof, static _ => { });
        string zero = Write("zero", nothing, static _ => { });
        string[] wrong =
        [
            Write("amount", proof, static p => p.Amount = "1000001"),
            Write("nothing", proof, static p => p.Amount = "0"),
            Write("something", nothing, static p => p.Amount = "1"),
            Write("root", proof, static p => p.Header = Flipped(p.Header, 214)),
            Write("path", proof, static p => p.StateProof = Flipped(p.StateProof, 10)),
            Write("r", proof, static p => p.Certificate = Flipped(p.Certificate, 60)),
            Write("s", proof, static p => p.Certificate = Flipped(p.Certificate, 100)),
            Write("quorum", proof, WithoutASignature),
            Write("other", nothing, p => p.Account = proof.Account),
        ];
        await Task.WhenAll(ExampleProgram.All.Select(async program =>
        {
            Ended live = await VerifyAsync(program, Genesis, holder.Address, "--node", Nodes);
            Assert.True(live.ExitCode == 0, $"{program}: {live}");
            string height = Said(live, "height");
            Ended past = await VerifyAsync(
                program, Genesis, holder.Address, "--node", Nodes, "--height", height);
            Assert.Equal((0, height), (past.ExitCode, Said(past, "height")));
            Ended later = await VerifyAsync(
                program, Genesis, holder.Address, "--file", right, "--height", "1");
            Assert.True(later is { ExitCode: 9, Output: "" }, $"{program}: {later}");
            Ended kept = await VerifyAsync(program, Genesis, holder.Address, "--file", right);
            Assert.True(kept.ExitCode == 0, $"{program}: {kept}");
            Assert.Equal(
                Setup.UnitsEach.ToString(), (string)JsonNode.Parse(kept.Output)!["amount"]!);
            Ended absent = await VerifyAsync(program, Genesis, stranger.Address, "--file", zero);
            Assert.True(absent.ExitCode == 0, $"{program}: {absent}");
            foreach (string file in wrong)
            {
                Ended told = await VerifyAsync(program, Genesis, holder.Address, "--file", file);
                Assert.True(told is { ExitCode: 9, Output: "" }, $"{program} {file}: {told}");
            }

            string another = Genesis[..^1] + (Genesis[^1] == '0' ? '1' : '0');
            Ended foreign = await VerifyAsync(program, another, holder.Address, "--file", right);
            Assert.True(foreign.ExitCode == 9, $"{program}: {foreign}");
        }));

        string Write(string name, V1.BalanceProof from, Action<V1.BalanceProof> change)
        {
            V1.BalanceProof changed = from.Clone();
            change(changed);
            string path = Path.Combine(folder, name + ".json");
            File.WriteAllBytes(path, ProofBundle.Of(changed).Write());
            return path;
        }
    }

    [Fact]
    public async Task Deposits_SecondProcessOnABook_IsRefused()
    {
        using PrivateKey key = (await Load.FundedAsync(cluster, 1))[0];
        await Task.WhenAll(ExampleProgram.All.Select(async program =>
        {
            string[] words =
            [
                "--node", Nodes, "--genesis", Genesis, "--account", key.Address.ToString(), "--book",
                Path.Combine(cluster.Folder, $"{program}.one"),
            ];
            using Process first = program.Start("deposits", words);
            using var patience = new CancellationTokenSource(Within);
            Assert.NotNull(await first.StandardOutput.ReadLineAsync(patience.Token));
            Ended second = await program.RunAsync("deposits", words);
            Assert.True(second is { ExitCode: 1, Output: "" }, $"{program}: {second}");
            first.Kill();
        }));
    }

    /// <summary>Kills the watcher behind so many entries, again and again; what a sandbox breaks it survives
    /// by itself. Its book has every entry once, and finds what does not belong there.</summary>
    private async Task WatchAsync(ExampleProgram program, Address exchange)
    {
        string book = Path.Combine(cluster.Folder, $"{program}.book");
        string[] words =
            ["--node", Nodes, "--genesis", Genesis, "--account", exchange.ToString(), "--book", book];
        string[] faults = ["broken-stream", "slow-consumer"];

        // What it was funded with is the first entry.
        int all = 1 + Deposits;
        var booked = new List<string>();
        for (int run = 0; ; run++)
        {
            string[] fault = run < faults.Length ? ["--fault", faults[run]] : [];
            using Process watch = program.Start(
                "deposits", [.. words, "--until", $"{all}", .. fault]);
            Task<string> errors = watch.StandardError.ReadToEndAsync();
            using var patience = new CancellationTokenSource(Within);
            for (int i = 0; i < 5 + (4 * run); i++)
            {
                if (await watch.StandardOutput.ReadLineAsync(patience.Token) is not { } line)
                {
                    break;
                }

                JsonNode entry = JsonNode.Parse(line)!;
                booked.Add($"{entry["height"]}/{entry["index"]}");
            }

            // An entry that was made just before the kill is in the book and may not have been printed.
            watch.Kill();
            await watch.WaitForExitAsync(patience.Token);
            string told = await errors;
            Assert.True(run >= faults.Length || told.Contains("resuming", StringComparison.Ordinal), told);
            Assert.True(watch.ExitCode is 0 or 137, $"{program}: {watch.ExitCode} {told}");
            if (watch.ExitCode == 0)
            {
                break;
            }
        }

        Assert.Equal(booked.Distinct(), booked);
        await TearAsync(program, book);
        Ended nothing = await program.RunAsync("deposits", [.. words, "--until", $"{all}"]);
        Assert.True(nothing is { ExitCode: 0, Output: "" }, $"{program}: {nothing}");
        Ended closed = await ReconcileAsync(program, exchange, book);
        string total = (Setup.UnitsEach.Units + Deposits).ToString(CultureInfo.InvariantCulture);
        Assert.True(closed.ExitCode == 0, $"{program}: {closed}");
        Assert.Contains($"ledger {total} book {total} ok", closed.Output, StringComparison.Ordinal);

        await PlantAsync(program, book);
        Ended differs = await ReconcileAsync(program, exchange, book);
        Assert.True(differs.ExitCode == 9, $"{program}: {differs}");
        Assert.Contains(
            $"ledger {total} book {Setup.UnitsEach.Units + Deposits - 1} DIFFERS", differs.Output,
            StringComparison.Ordinal);
    }

    /// <summary>Half a line, as a kill in the middle of a write leaves it; SQLite has its own.</summary>
    private static Task TearAsync(ExampleProgram program, string book) => program.Language == "python"
        ? Task.CompletedTask
        : File.AppendAllTextAsync(book, "{\"cursor\":\"AqvY");

    /// <summary>Takes one deposit out of a book, as a mistake elsewhere might.</summary>
    private static async Task PlantAsync(ExampleProgram program, string book)
    {
        if (program.Language == "python")
        {
            Ended changed = await ExampleProgram.RunAnyAsync(
                "/usr/bin/python3", "-c",
                "import sqlite3, sys; book = sqlite3.connect(sys.argv[1]);"
                    + " book.execute(\"DELETE FROM entry WHERE tag = '7'\"); book.commit()",
                book);
            Assert.True(changed.ExitCode == 0, changed.ToString());
            return;
        }

        string[] lines = await File.ReadAllLinesAsync(book);
        await File.WriteAllLinesAsync(
            book, lines.Where(line => !line.Contains("\"tag\":\"7\"", StringComparison.Ordinal)));
    }

    private static async Task NewBookAsync(ExampleProgram program, string book)
    {
        if (program.Language != "python")
        {
            await File.WriteAllTextAsync(book, "");
            return;
        }

        Ended made = await ExampleProgram.RunAnyAsync(
            "/usr/bin/python3", "-c",
            "import sys; sys.path.insert(0, sys.argv[2]); import deposits, ledger;"
                + " ledger.open_book(sys.argv[1], deposits.BOOK)",
            book, Repository.PathOf("src", "examples", "python"));
        Assert.True(made.ExitCode == 0, made.ToString());
    }

    private Task<Ended> ReconcileAsync(
        ExampleProgram program, Address exchange, string book, params string[] more) => program.RunAsync(
        "reconcile", ["--node", Nodes, "--account", exchange.ToString(), "--book", book, .. more]);

    private async Task WithdrawAsync(ExampleProgram program, PrivateKey payer, Address to)
    {
        string folder = Directory.CreateDirectory(Path.Combine(cluster.Folder, $"{program}-hot")).FullName;
        string password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, "of an example\n");
        string keystore = KeystoreFolder.Save(
            folder, payer, "of an example"u8, Cost, TimeProvider.System);
        string journal = Path.Combine(folder, "journal");
        (string lost, string genesis) = (Uuid(), Genesis);

        Ended unknown = await PayAsync(lost, 250, "--fault", "timeout-after-commit", "--patience", "0");
        Assert.True(unknown.ExitCode == 7, $"{program}: {unknown}");
        Assert.Equal("unknown", Said(unknown, "outcome"));
        Ended final = await PayAsync(lost, 250);
        Assert.True(final.ExitCode == 0, $"{program}: {final}");
        Assert.Equal("final", Said(final, "outcome"));
        Ended again = await PayAsync(lost, 250);
        Assert.Equal(Said(final, "height"), Said(again, "height"));
        Assert.Equal((UInt128)1_000_250, await cluster.BalanceAsync(0, to, Load.Asset));

        // With patience, it asks by its id until it knows.
        Ended asked = await PayAsync(Uuid(), 5, "--fault", "lost-answer");
        Assert.True(asked.ExitCode == 0, $"{program}: {asked}");
        Ended slowed = await PayAsync(Uuid(), 5, "--fault", "rate-limit");
        Assert.True(slowed.ExitCode == 0, $"{program}: {slowed}");

        // Nobody got it before its time had passed: only a later block says that it never will be.
        string late = Uuid();
        Ended unsent = await PayAsync(
            late, 7, "--fault", "unavailable", "--patience", "0", "--valid-for", "2");
        Assert.True(unsent.ExitCode == 7, $"{program}: {unsent}");
        ulong ends = DevnetClient.NowMs() + 2_000;
        await Deadline.UntilAsync(
            "a block is later", Within, async () => (await cluster.StatusAsync(1)).BlockTimeMs > ends);
        Ended never = await PayAsync(late, 7);
        Assert.Equal((6, "EXPIRED"), (never.ExitCode, Said(never, "code")));

        await RequireOnePaymentAsync(PayAsync);

        // Over the balance: final, and nothing moved. An amount of nothing: nobody takes it.
        Ended refused = await PayAsync(Uuid(), 999_999_999);
        Assert.Equal((6, "INSUFFICIENT_AVAILABLE"), (refused.ExitCode, Said(refused, "code")));
        Ended none = await PayAsync(Uuid(), 0);
        Assert.Equal((6, "AMOUNT_ZERO"), (none.ExitCode, Said(none, "code")));
        Ended other = await PayAsync(lost, 251);
        Assert.True(other is { ExitCode: 1, Output: "" }, $"{program}: {other}");
        genesis = genesis[..^1] + (genesis[^1] == '0' ? '1' : '0');
        Ended[] strange = [await PayAsync(lost, 250), await PayAsync(Uuid(), 250)];
        Assert.Equal([1, 9], strange.Select(static ended => ended.ExitCode));
        genesis = Genesis;
        journal = Path.Combine(folder, "another journal");
        Ended elsewhere = await PayAsync(lost, 250);
        Assert.True(elsewhere is { ExitCode: 1, Output: "" }, $"{program}: {elsewhere}");
        Assert.Equal((UInt128)1_000_269, await cluster.BalanceAsync(0, to, Load.Asset));

        Task<Ended> PayAsync(string request, uint amount, params string[] more) => program.RunAsync(
            "withdraw",
            [
                "--node", Nodes, "--genesis", genesis, "--keystore", keystore, "--password-file", password,
                "--journal", journal, "--request-id", request, "--asset", Load.Asset.ToString(),
                "--to", to.ToString(), "--amount", $"{amount}", .. more,
            ]);
    }

    /// <summary>When the ledger has forgotten a request id, the journal knows it however it is spelled.
    /// </summary>
    private async Task RequireOnePaymentAsync(Func<string, uint, string[], Task<Ended>> pay)
    {
        string brief = Uuid();
        Ended paid = await pay(brief, 9, ["--valid-for", "4"]);
        Assert.True(paid.ExitCode == 0, paid.ToString());
        ulong ends = DevnetClient.NowMs() + 4_000;
        await Deadline.UntilAsync(
            "a block is later", Within, async () => (await cluster.StatusAsync(0)).BlockTimeMs > ends);
        foreach (string spelled in (string[])[brief.ToUpperInvariant(), brief.Replace("-", "")])
        {
            Ended same = await pay(spelled, 9, []);
            Assert.Equal((0, Said(paid, "height")), (same.ExitCode, Said(same, "height")));
        }
    }

    private Task<Ended> VerifyAsync(
        ExampleProgram program, string genesis, Address account, params string[] source) => program.RunAsync(
        "proof",
        ["--genesis", genesis, "--account", account.ToString(), "--asset", Load.Asset.ToString(), .. source]);

    private async Task<V1.BalanceProof> ProofAsync(Address account) =>
        (await cluster.Node(0).Queries.GetBalanceProofAsync(new V1.GetBalanceProofRequest
        {
            Account = ProcessCluster.Bytes(account),
            Asset = Load.Asset.ToString(),
        })).Proof;

    private static ByteString Flipped(ByteString bytes, int position)
    {
        byte[] changed = bytes.ToByteArray();
        changed[position] ^= 1;
        return ByteString.CopyFrom(changed);
    }

    /// <summary>All that is left is right, and too few.</summary>
    private static void WithoutASignature(V1.BalanceProof proof)
    {
        byte[] certificate = proof.Certificate.ToByteArray();
        int count = (certificate.Length - 53) / Limits.SignatureBytes;
        while (count-- > 2)
        {
            byte signers = certificate[52];
            certificate[52] = (byte)(signers & (signers - 1));
            certificate = [.. certificate[..53], .. certificate[(53 + Limits.SignatureBytes)..]];
        }

        proof.Certificate = ByteString.CopyFrom(certificate);
    }

    private static string Said(Ended ended, string key) =>
        JsonNode.Parse(ended.Output)?[key]?.ToString() ?? throw new InvalidDataException(ended.ToString());

    private static string Uuid() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
}
