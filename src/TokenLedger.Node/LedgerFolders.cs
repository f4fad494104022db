// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Crypto.Native;
using TokenLedger.Storage;

namespace TokenLedger.Node;

/// <summary>
/// The folders of the ledger's database, and how one that was made from a snapshot takes its place. Killed at
/// any moment, the next start finds the old ledger or the new one, never a part of either. While this is open
/// no other process moves them. Each step is durable before the next: the old ledger may be the last copy.
/// </summary>
internal sealed class LedgerFolders : IDisposable
{
    private readonly string _replaced;
    private readonly string _damaged;
    private readonly string _data;
    private readonly FileLease _lease;

    /// <summary>Takes the lease, and ends what an earlier process was killed in.</summary>
    /// <exception cref="StorageFault">Another process has it (Locked).</exception>
    public LedgerFolders(string dataDirectory)
    {
        _data = dataDirectory;
        Ledger = Path.Combine(dataDirectory, "ledger");
        Incoming = Path.Combine(dataDirectory, "ledger.incoming");
        Snapshots = Path.Combine(dataDirectory, "snapshots");
        Suspicion = Path.Combine(dataDirectory, "ledger.suspect");
        _replaced = Path.Combine(dataDirectory, "ledger.replaced");
        _damaged = Path.Combine(dataDirectory, "ledger.damaged");
        _lease = FileLease.OfData(dataDirectory);
        Finish();
    }

    /// <summary>The ledger.</summary>
    public string Ledger { get; }

    /// <summary>Where a ledger is made from a snapshot.</summary>
    public string Incoming { get; }

    /// <summary>Snapshots for others.</summary>
    public string Snapshots { get; }

    /// <summary>The file that says that an earlier process could not read the ledger.</summary>
    public string Suspicion { get; }

    /// <summary>
    /// Takes a ledger that cannot be read out of the way, and keeps it; one that was set aside earlier is
    /// deleted, so that there is never more than one.
    /// </summary>
    /// <returns>Where it is now.</returns>
    public string SetAside()
    {
        if (Directory.Exists(_damaged))
        {
            Directory.Delete(_damaged, recursive: true);
        }

        Directory.Move(Ledger, _damaged);
        DirectorySync.Flush(_data);
        return _damaged;
    }

    /// <summary>Puts the incoming ledger, closed and whole, in the place of the ledger.</summary>
    public void Adopt()
    {
        if (Directory.Exists(Ledger))
        {
            Directory.Move(Ledger, _replaced);
            DirectorySync.Flush(_data);
        }

        Directory.Move(Incoming, Ledger);
        DirectorySync.Flush(_data);
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
            DirectorySync.Flush(_data);
        }

        Directory.Delete(_replaced, recursive: true);
    }
}
