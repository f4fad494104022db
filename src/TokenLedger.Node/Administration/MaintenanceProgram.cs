// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Maintenance.Backups;
using TokenLedger.Maintenance.Verification;
using TokenLedger.Node.Configuration;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Node.Administration;

/// <summary>
/// tokenledger-node backup, restore and verify: a process of its own, so that hours of reading cost the node
/// nothing and a fault in them cannot stop it. <c>tl node</c> starts it, shows its progress and its result.
/// </summary>
internal static class MaintenanceProgram
{
    /// <summary>A verification that found a difference; its result says which.</summary>
    public const int Differs = 9;

    public static readonly string[] Commands = ["backup", "restore", "verify"];

    private static readonly string[] Options =
        ["--config", "--to", "--backup", "--passphrase-file"];

    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, string>? given = Parse(args);
        if (given is null || !given.TryGetValue("--config", out string? config))
        {
            await Console.Error.WriteLineAsync(
                $"usage: tokenledger-node {args[0]} --config FILE [{string.Join(" X] [", Options[1..])} X]")
                .ConfigureAwait(false);
            return NodeFailure.Usage;
        }

        NodeOptions options = NodeOptionsFile.Load(config);
        GenesisDocument genesis = NodeHost.LoadGenesis(options);
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupted = StopOn(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminated = StopOn(PosixSignal.SIGTERM, stop);
        var lines = new ProgressLines(Console.Out, TimeProvider.System);
        return args[0] switch
        {
            "backup" => await BackupAsync(options, genesis, given, lines, stop.Token).ConfigureAwait(false),
            "restore" => Restore(options, genesis, given, lines, stop.Token),
            _ => await VerifyAsync(options, genesis, given, lines, stop.Token).ConfigureAwait(false),
        };
    }

    private static async Task<int> BackupAsync(
        NodeOptions options, GenesisDocument genesis, Dictionary<string, string> given, ProgressLines lines,
        CancellationToken cancellationToken)
    {
        string target = Path.GetFullPath(Required(given, "--to"));
        byte[] passphrase = Secret(given, "--passphrase-file");
        using LedgerCopy copy =
            await LedgerCopy.TakeAsync(options, genesis, cancellationToken).ConfigureAwait(false);
        BackupManifest manifest = BackupWriter.Write(
            copy.Folder, copy.Head, genesis.ChainId, target, passphrase, ScryptCost.Standard,
            TimeProvider.System, lines.Bytes, cancellationToken);
        CryptographicOperations.ZeroMemory(passphrase);
        lines.Result(new JsonObject
        {
            ["backup"] = target,
            ["height"] = manifest.Height.Value,
            ["blockHash"] = manifest.BlockHash.ToString(),
            ["stateRoot"] = manifest.StateRoot.ToString(),
            ["files"] = manifest.Files.Length,
            ["bytes"] = manifest.TotalBytes,
            ["encrypted"] = manifest.Encryption is not null,
            ["nodeWasRunning"] = copy.WasRunning,
        });
        return 0;
    }

    private static int Restore(
        NodeOptions options, GenesisDocument genesis, Dictionary<string, string> given, ProgressLines lines,
        CancellationToken cancellationToken)
    {
        string backup = Path.GetFullPath(Required(given, "--backup"));
        string target = given.TryGetValue("--to", out string? to)
            ? Path.GetFullPath(to)
            : options.DataDirectory;
        byte[] passphrase = Secret(given, "--passphrase-file");
        ChainHead head = new LedgerRestore(genesis, new Secp256k1Scheme(), LedgerCopy.OpenLedger)
            .Run(backup, target, passphrase, lines.Bytes, cancellationToken);
        CryptographicOperations.ZeroMemory(passphrase);
        lines.Result(new JsonObject
        {
            ["dataDirectory"] = target,
            ["height"] = head.Height.Value,
            ["blockHash"] = head.Hash.ToString(),
            ["stateRoot"] = head.Header.StateRoot.ToString(),
        });
        return 0;
    }

    private static async Task<int> VerifyAsync(
        NodeOptions options, GenesisDocument genesis, Dictionary<string, string> given, ProgressLines lines,
        CancellationToken cancellationToken)
    {
        string work = Directory.CreateTempSubdirectory("tokenledger-verify-").FullName;
        try
        {
            VerificationResult result;
            if (given.TryGetValue("--backup", out string? backup))
            {
                string extracted = Path.Combine(work, LedgerRestore.LedgerFolder);
                BackupReader.Extract(
                    backup, BackupManifest.Load(backup), extracted, Secret(given, "--passphrase-file"),
                    lines.Bytes, cancellationToken);
                result = Walk(extracted, work, genesis, lines, cancellationToken);
            }
            else
            {
                using LedgerCopy copy =
                    await LedgerCopy.TakeAsync(options, genesis, cancellationToken).ConfigureAwait(false);
                result = Walk(copy.Folder, work, genesis, lines, cancellationToken);
            }

            lines.Result(result.ToJson(genesis));
            return result.Difference is null ? 0 : Differs;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static VerificationResult Walk(
        string folder, string work, GenesisDocument genesis, ProgressLines lines,
        CancellationToken cancellationToken)
    {
        var scheme = new Secp256k1Scheme();
        var signatures = new TransactionSignatures(
            new TransactionDigest(genesis.ChainId, genesis.Hash), scheme);
        using LedgerStore ledger =
            new LedgerRestore(genesis, scheme, LedgerCopy.OpenLedger).Open(folder);
        using IKeyValueStore scratch = RocksKeyValueStore.Open(
            Path.Combine(work, "scratch"), ScratchState.Families, RocksOptions.Ledger);
        ulong head = ledger.Head.Height.Value;
        return new LedgerVerifier(genesis, scheme, signatures.Check, TimeProvider.System)
            .Run(ledger, scratch, height => lines.Blocks(height.Value, head), cancellationToken);
    }

    private static Dictionary<string, string>? Parse(string[] args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 1; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !Options.Contains(args[i]) || !given.TryAdd(args[i], args[i + 1]))
            {
                return null;
            }
        }

        return given;
    }

    private static string Required(Dictionary<string, string> given, string option) =>
        given.TryGetValue(option, out string? value)
            ? value
            : throw new NodeConfigurationException("OPTION_MISSING", $"{option} is missing.");

    /// <summary>A file's first line; empty when none was named.</summary>
    private static byte[] Secret(Dictionary<string, string> given, string option)
    {
        if (!given.TryGetValue(option, out string? file))
        {
            return [];
        }

        byte[] all = File.ReadAllBytes(Path.GetFullPath(file));
        int end = all.AsSpan().IndexOfAny((byte)'\r', (byte)'\n');
        byte[] secret = end < 0 ? all : all[..end];
        return secret.Length > 0
            ? secret
            : throw new NodeConfigurationException("SECRET_EMPTY", $"{file} has no first line.");
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
