// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Storage;

namespace TokenLedger.Node;

/// <summary>
/// The folders of the ledger's database, and how one that was made from a snapshot takes its place. Killed at
/// any moment, the next start finds the old ledger or the new one, never a part of either. While this is open
/// no other process moves them: the lease is a lock on node.lock, which the system gives back however the
/// process ends.
/// </summary>
internal sealed class LedgerFolders : IDisposable
{
    private readonly string _replaced;
    private readonly FileStream _lease;

    /// <summary>Takes the lease, and ends what an earlier process was killed in.</summary>
    /// <exception cref="StorageFault">Another process has it (Locked).</exception>
    public LedgerFolders(string dataDirectory)
    {
        Ledger = Path.Combine(dataDirectory, "ledger");
        Incoming = Path.Combine(dataDirectory, "ledger.incoming");
        Snapshots = Path.Combine(dataDirectory, "snapshots");
        _replaced = Path.Combine(dataDirectory, "ledger.replaced");
        try
        {
            _lease = new FileStream(
                Path.Combine(dataDirectory, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None);
        }
        catch (IOException e)
        {
            throw new StorageFault(
                StorageFaultKind.Locked,
                StorageScope.Process,
                $"The data directory {dataDirectory} is in use by another process ({e.Message}) Stop that"
                    + " node, or give this one a data directory of its own.",
                e);
        }

        Finish();
    }

    /// <summary>The ledger.</summary>
    public string Ledger { get; }

    /// <summary>Where a ledger is made from a snapshot.</summary>
    public string Incoming { get; }

    /// <summary>Snapshots for others.</summary>
    public string Snapshots { get; }

    /// <summary>Puts the incoming ledger, closed and whole, in the place of the ledger.</summary>
    public void Adopt()
    {
        if (Directory.Exists(Ledger))
        {
            Directory.Move(Ledger, _replaced);
        }

        Directory.Move(Incoming, Ledger);
        Finish();
    }

    /// <summary>Gives the lease back.</summary>
    public void Dispose() => _lease.Dispose();

    private void Finish()
    {
        if (!Directory.Exists(_replaced))
        {
            return;
        }

        if (!Directory.Exists(Ledger))
        {
            // Only a whole one is ever adopted.
            Directory.Move(Incoming, Ledger);
        }

        Directory.Delete(_replaced, recursive: true);
    }
}
