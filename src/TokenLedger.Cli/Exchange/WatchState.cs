// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Exchange;

/// <summary>How far a watcher has come: what its state file holds.</summary>
/// <param name="GenesisHash">Of which network the cursor is.</param>
/// <param name="Account">Whose deposits.</param>
/// <param name="Cursor">Where the stream goes on; empty for the beginning of the chain.</param>
internal sealed record WatchState(Hash256 GenesisHash, Address Account, string Cursor)
{
    private const int MaxBytes = 4 * 1024;
    private const int MaxCursor = 256;

    /// <summary>Reads a state file; null when there is none yet.</summary>
    /// <exception cref="CliException">It is none, or of another network or account.</exception>
    public static WatchState? Find(Session session, string path, Hash256 genesisHash, Address account)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        WatchState state = InputFile.Strict(
            path, InputFile.Bytes(session, path, MaxBytes), MaxBytes,
            static root => root.Object(static o => new WatchState(
                o.Required("genesisHash").Hash(), o.Required("account").Address(),
                o.Required("cursor").Text(MaxCursor))));
        return state.GenesisHash == genesisHash && state.Account == account
            ? state
            : throw new CliException(
                "STATE_OF_ANOTHER", ExitCode.Conflict,
                $"{path} is of "
                    + $"{(state.Account == account ? "another network" : Eip55.Format(state.Account))}.",
                "A cursor is of one network, and what was credited of one account.",
                "Name another --state file; keep this one.");
    }

    /// <summary>Writes it; when it returns, it is on the disk.</summary>
    public void Save(string path) => DurableFile.Write(path, JsonText.Indented(new JsonObject
    {
        ["genesisHash"] = GenesisHash.ToString(),
        ["account"] = Account.ToString(),
        ["cursor"] = Cursor,
    }) + "\n");
}
