// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Commands;
using TokenLedger.Cli.Shell;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Verbs;

/// <summary>
/// Under which epoch signers stand abroad already, as it is typed, and compared with what the contract holds:
/// the ledger cannot ask, and a wrong epoch makes signatures that nobody takes.
/// </summary>
internal sealed class InstalledSet
{
    private readonly Option<ulong> _epoch = new("--installed-epoch")
    {
        HelpName = "N",
        Description = "They stand abroad already, under this epoch, put there by the contracts' cold "
            + "keys: take them over at once. Needs a lane of which locks and releases are paused, and "
            + "--deployment and --rpc, to compare.",
    };

    private readonly Option<string?> _deployment = Inputs.Optional(
        "--deployment", "FILE", "With --installed-epoch: where the contracts are, as deploy.sh wrote.");

    private readonly Option<string?> _rpc = Inputs.Optional(
        "--rpc", "URL", "With --installed-epoch: a node of the chain abroad; @FILE for a file.");

    private readonly Option<bool> _unchecked = new("--unchecked")
    {
        Description = "With --installed-epoch: compare nothing, since no node of the chain can be asked.",
    };

    public IReadOnlyList<Option> Options => [_epoch, _deployment, _rpc, _unchecked];

    /// <summary>The epoch; 0 when they do not stand there yet.</summary>
    /// <exception cref="CliException">The contract has other signers or another epoch, or cannot be asked.
    /// </exception>
    public async Task<ulong> ReadAsync(
        Session session, ulong chainId, ImmutableArray<BridgeSigner> signers, CancellationToken token)
    {
        ulong epoch = session.Value(_epoch);
        if (epoch == 0 || session.Value(_unchecked))
        {
            return epoch;
        }

        if (session.Value(_deployment) is not { } file || session.Value(_rpc) is not { } rpc)
        {
            throw new CliException(
                "USAGE", ExitCode.Usage, "--installed-epoch is compared with the contract abroad.",
                "Signers that do not stand there, or not under this epoch, sign what nobody takes.",
                "Add --deployment FILE --rpc URL, or --unchecked when no node can be asked.");
        }

        var where = DeploymentFile.Load(session, file);
        if (where.ChainId != chainId)
        {
            throw new CliException(
                "WRONG_DEPLOYMENT", ExitCode.VerificationFailed,
                $"The contracts of --deployment are on chain {where.ChainId}, and the lane is to {chainId}.",
                next: "Name the lane's deployment, or the lane: --chain ID");
        }

        (ChainAbroad chain, OfficerState state) =
            await BridgeActionCommand.OpenAsync(session, rpc, where, token);
        using ChainAbroad _ = chain;
        return state.Epoch == epoch
            && state.HotSetHash == LaneContracts.SetHash(epoch, [.. signers.Select(static one => one.Key)])
            ? epoch
            : throw BridgeActionCommand.WrongSet(
                $"These {signers.Length} signers do not stand abroad under epoch {epoch}; nothing was "
                    + "proposed.",
                $"The contract's epoch is {state.Epoch}, its set's hash {state.HotSetHash}.");
    }
}
