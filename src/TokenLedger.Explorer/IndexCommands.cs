// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Verifier;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Explorer;

/// <summary>Commands on the index's generations; all of them beside a running explorer.</summary>
internal static class IndexCommands
{
    /// <summary>The commands' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["rebuild", "rollback", "prune"];

    /// <summary>Runs one.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string command, ExplorerOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        IGenerations generations = Generations(options);
        await using (generations.ConfigureAwait(false))
        {
            string said = command switch
            {
                "rebuild" => await RebuildAsync(generations, options, stop.Token).ConfigureAwait(false),
                "rollback" => await RollBackAsync(generations, stop.Token).ConfigureAwait(false),
                _ => await PruneAsync(generations, stop.Token).ConfigureAwait(false),
            };
            Console.WriteLine(said);
        }

        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static IGenerations Generations(ExplorerOptions options) => options.Postgres is { } postgres
        ? new Index.Postgres.PostgresGenerations(postgres, options.GenesisHash)
        : new Index.Embedded.FolderGenerations(options.DataFolder, options.GenesisHash);

    private static async Task<string> RebuildAsync(
        IGenerations generations, ExplorerOptions options, CancellationToken cancellationToken)
    {
        using var sources = new NodeSources(options);
        using var proofs = new NodeProofs(options);
        var rebuild = new Rebuild(
            sources.All, Prove, options.GenesisHash, new Secp256k1Scheme(), TimeProvider.System,
            NullLogger.Instance, Console.WriteLine);
        int number = await rebuild.RunAsync(generations, cancellationToken).ConfigureAwait(false);
        return $"Generation {number} of the index is read now. The one before is kept: rollback goes back to"
            + " it, prune removes it.";

        async Task<BalanceProof?> Prove(Address account, AssetId asset, CancellationToken token)
        {
            try
            {
                FetchedProof? proof = await proofs.BalanceAsync(account, asset, at: null, token)
                    .ConfigureAwait(false);
                return proof?.Bundle.Balance;
            }
            catch (RpcException)
            {
                // It does not answer, or does not prove: what was compared is said by number.
                return null;
            }
        }
    }

    private static async Task<string> RollBackAsync(
        IGenerations generations, CancellationToken cancellationToken)
    {
        int number = await generations.RollBackAsync(cancellationToken).ConfigureAwait(false);
        return $"Generation {number} of the index is read now.";
    }

    private static async Task<string> PruneAsync(
        IGenerations generations, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> removed = await generations.PruneAsync(cancellationToken).ConfigureAwait(false);
        return removed.Count == 0
            ? "No generation is kept besides the one that is read."
            : $"Removed generation {string.Join(", ", removed)}.";
    }
}
