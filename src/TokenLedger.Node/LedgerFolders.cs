// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Node;

/// <summary>
/// The folders of the ledger's database, and how one that was made from a snapshot takes its place. Killed at
/// any moment, the next start finds the old ledger or the new one, never a part of either.
/// </summary>
internal sealed class LedgerFolders(string dataDirectory)
{
    private readonly string _replaced = Path.Combine(dataDirectory, "ledger.replaced");

    /// <summary>The ledger.</summary>
    public string Ledger { get; } = Path.Combine(dataDirectory, "ledger");

    /// <summary>Where a ledger is made from a snapshot.</summary>
    public string Incoming { get; } = Path.Combine(dataDirectory, "ledger.incoming");

    /// <summary>Snapshots for others.</summary>
    public string Snapshots { get; } = Path.Combine(dataDirectory, "snapshots");

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

    /// <summary>Ends what an earlier process was killed in.</summary>
    public void Finish()
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
