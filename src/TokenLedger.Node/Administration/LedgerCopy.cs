// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Maintenance;
using TokenLedger.Maintenance.Backups;
using TokenLedger.Node.Configuration;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Admin.V1;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Node.Administration;

/// <summary>
/// A checkpoint of a node's ledger, whose head is final, for as long as this object lives. A running node is
/// asked for one over its socket; the ledger of a stopped one is opened for a moment.
/// </summary>
internal sealed class LedgerCopy : IDisposable
{
    /// <summary>
    /// A node that commits several blocks at once has only the last of them certified: the next moment helps.
    /// </summary>
    private const int Attempts = 20;

    private readonly IDisposable[] _held;

    private LedgerCopy(string folder, ChainHead head, bool running, params IDisposable[] held)
    {
        Folder = folder;
        Head = head;
        WasRunning = running;
        _held = held;
    }

    public string Folder { get; }

    public ChainHead Head { get; }

    public bool WasRunning { get; }

    public static IKeyValueStore OpenLedger(string folder) =>
        RocksKeyValueStore.Open(folder, LedgerFormat.Families, RocksOptions.Ledger);

    public static async Task<LedgerCopy> TakeAsync(
        NodeOptions options, GenesisDocument genesis, CancellationToken cancellationToken)
    {
        var ledgers = new LedgerRestore(genesis, new Secp256k1Scheme(), OpenLedger);
        for (int attempt = 1; ; attempt++)
        {
            (string folder, bool running, IDisposable[] held) =
                await FromNodeAsync(options, cancellationToken).ConfigureAwait(false)
                ?? FromDisk(options, ledgers);
            ChainHead? head = null;
            using (LedgerStore ledger = ledgers.Open(folder))
            {
                head = ledgers.IsFinal(ledger) ? ledger.Head : null;
            }

            if (head is not null)
            {
                return new LedgerCopy(folder, head, running, held);
            }

            Dispose(held);
            if (!running || attempt == Attempts)
            {
                throw new MaintenanceException(
                    "LEDGER_NOT_FINAL",
                    "The ledger's head has no certificate yet. Start the node, let it catch up, then try"
                        + " again.");
            }
        }
    }

    public void Dispose() => Dispose(_held);

    private static void Dispose(IDisposable[] held)
    {
        foreach (IDisposable one in held)
        {
            one.Dispose();
        }
    }

    /// <summary>Null when no node answers.</summary>
    private static async Task<(string Folder, bool Running, IDisposable[] Held)?> FromNodeAsync(
        NodeOptions options, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.AdminSocket))
        {
            return null;
        }

        var client = AdminClient.Connect(options.AdminSocket);
        AsyncServerStreamingCall<HoldCheckpointResponse> call = client.Calls.HoldCheckpoint(
            new HoldCheckpointRequest(), cancellationToken: cancellationToken);
        try
        {
            if (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                return (call.ResponseStream.Current.Path, true, [call, client]);
            }

            throw new MaintenanceException("CHECKPOINT_FAILED", "The node gave no checkpoint.");
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            // The socket of a node that was killed.
            Dispose([call, client]);
            return null;
        }
        catch (RpcException e)
        {
            Dispose([call, client]);
            throw new MaintenanceException("CHECKPOINT_FAILED", $"The node refuses: {e.Status.Detail}");
        }
    }

    private static (string Folder, bool Running, IDisposable[] Held) FromDisk(
        NodeOptions options, LedgerRestore ledgers)
    {
        string folder = Path.Combine(options.DataDirectory, LedgerRestore.LedgerFolder);
        if (!Directory.Exists(folder))
        {
            throw new MaintenanceException("LEDGER_MISSING", $"There is no ledger in {folder}.");
        }

        var place = CheckpointFolder.Create(options.DataDirectory);
        try
        {
            using LedgerStore ledger = ledgers.Open(folder);
            ledger.Checkpoint(place.Path);
            return (place.Path, false, [place]);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }
}
