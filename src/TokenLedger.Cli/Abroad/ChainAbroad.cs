// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Abroad;

/// <summary>One node of the chain abroad. Its word is believed: a lie makes a file that the contracts refuse,
/// costs gas, or hides that a transaction was not taken: ask another node before relying on it.</summary>
internal sealed class ChainAbroad : IDisposable
{
    private const int MaxUrl = 2_048;

    private readonly EvmProvider _provider;
    private readonly CancellationToken _token;

    private ChainAbroad(EvmProvider provider, CancellationToken token)
    {
        (_provider, _token) = (provider, token);
        Client = new EvmClient(provider);
    }

    public EvmClient Client { get; }

    /// <summary>What messages call the node: an address may hold a key.</summary>
    public string Name => _provider.Name;

    /// <summary>The node that --rpc names.</summary>
    /// <param name="session">Its --timeout is the deadline of each call.</param>
    /// <param name="rpc">http or https; or @ and a file whose first line it is.</param>
    /// <param name="token">Ends it.</param>
    public static ChainAbroad Open(Session session, string rpc, CancellationToken token)
    {
        string text = rpc.StartsWith('@')
            ? InputFile.Text(session, rpc[1..], MaxUrl).Split('\n')[0].Trim()
            : rpc;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? new ChainAbroad(new EvmProvider(url, session.Timeout, session.Environment.Time), token)
            : throw CliException.Usage(
                "--rpc is no address of a node.", next: "Write http://host:port, https://..., or @FILE.");
    }

    /// <summary>Asks the node; its failures in words.</summary>
    /// <exception cref="CliException">There is no answer. Reverts of a call are thrown as they are.
    /// </exception>
    public async Task<T> AskAsync<T>(Func<EvmClient, CancellationToken, Task<T>> ask)
    {
        try
        {
            return await ask(Client, _token);
        }
        catch (EvmTransportException e)
        {
            throw new CliException(
                "RPC_UNREACHABLE", ExitCode.Failed, $"The chain's node {Name} does not answer.", e.Message,
                "Try again, or another node: --rpc URL");
        }
        catch (EvmAnswerException e)
        {
            throw new CliException(
                "RPC_ANSWER", ExitCode.Failed, $"What {Name} answers cannot be true.", e.Message,
                "Is it a node of an Ethereum chain? Try another one: --rpc URL");
        }
        catch (EvmRpcException e) when (!e.IsRevert)
        {
            throw new CliException(
                "RPC_REFUSED", ExitCode.Failed, $"The chain's node {Name} refuses.", e.Message,
                "Try again, or another node: --rpc URL");
        }
    }

    /// <summary>Requires that the node is of a chain.</summary>
    public async Task RequireChainAsync(ulong chainId)
    {
        ulong found = await AskAsync(static (client, token) => client.ChainIdAsync(token));
        if (found != chainId)
        {
            throw new CliException(
                "WRONG_CHAIN", ExitCode.VerificationFailed,
                $"{Name} is a node of chain {found}, and the contracts are on chain {chainId}.",
                next: "Name a node of the right chain: --rpc URL");
        }
    }

    /// <summary>Requires that the contracts have the code that was deployed.</summary>
    public async Task RequireCodeAsync(DeploymentFile deployment)
    {
        OfficerContracts contracts = deployment.Contracts;
        Address[] all = [contracts.Bridge, contracts.ValidatorSet, contracts.Governor];
        foreach ((Address contract, Hash256 hash) in all.Zip(deployment.CodeHashes))
        {
            byte[] code = await AskAsync(
                (client, token) => client.CodeAsync(contract, BlockId.Latest, token));
            if (Keccak256.Hash(code) != hash)
            {
                throw WrongDeployment(
                    $"{Eip55.Format(contract)} has {(code.Length == 0 ? "no" : "other")} code.");
            }
        }
    }

    /// <summary>What the contracts hold after the newest block.</summary>
    /// <exception cref="CliException">They are no contracts of a bridge, or of another ledger.</exception>
    public async Task<OfficerState> StateAsync(OfficerContracts contracts, Hash256 ledgerId)
    {
        EvmBlockHeader head = await AskAsync(
            static (client, token) => client.BlockAsync(BlockId.Latest, token))
            ?? throw new CliException("RPC_ANSWER", ExitCode.Failed, $"{Name} knows no newest block.");
        (Address To, AbiFunction Function)[] reads =
        [
            (contracts.Bridge, LaneContracts.LedgerId), (contracts.Bridge, LaneContracts.ValidatorSet),
            (contracts.Governor, OfficerAbi.GovernorBridge), (contracts.Governor, OfficerAbi.Timelock),
            (contracts.ValidatorSet, OfficerAbi.HotSet), (contracts.ValidatorSet, OfficerAbi.ColdSetHash),
            (contracts.Bridge, OfficerAbi.ActionNonce), (contracts.Governor, OfficerAbi.ActionNonce),
            (contracts.ValidatorSet, OfficerAbi.RecoveryNonce), (contracts.Bridge, OfficerAbi.MintPaused),
            (contracts.Bridge, OfficerAbi.BurnPaused), (contracts.ValidatorSet, OfficerAbi.Recovery),
        ];
        object[][] all;
        try
        {
            byte[][] results = await AskAsync((client, token) => client.CallAllAsync(
                [.. reads.Select(static one => new EvmCall(one.To, one.Function.EncodeCall()))],
                BlockId.Hash(head.Hash), token));
            all = [.. reads.Zip(results, static (read, result) => read.Function.DecodeResult(result))];
        }
        catch (Exception e) when (e is EvmFormatException or EvmRpcException)
        {
            throw WrongDeployment("They do not answer as contracts of a bridge do.");
        }

        if (Hash(all[0][0]) != ledgerId)
        {
            throw WrongDeployment($"They are of the ledger {Hash(all[0][0])}, not {ledgerId}.");
        }

        if ((Address)all[1][0] != contracts.ValidatorSet || (Address)all[2][0] != contracts.Bridge)
        {
            throw WrongDeployment("They do not belong together.");
        }

        return new OfficerState(
            head.Number, head.Timestamp, ledgerId, Number(all[4][0]), Hash(all[4][1]), Hash(all[5][0]),
            Number(all[6][0]), Number(all[7][0]), Number(all[8][0]), (bool)all[9][0], (bool)all[10][0],
            new RecoveryState(Number(all[11][0]), Number(all[11][1]), Hash(all[11][2])),
            (Address)all[3][0]);
    }

    /// <summary>What the timelock knows of an operation: 0 nothing, 1 that it was done, else from when on it
    /// can be.</summary>
    public async Task<ulong> OperationAsync(Address timelock, Hash256 id)
    {
        byte[] result = await AskAsync((client, token) => client.CallAsync(
            new EvmCall(timelock, OfficerAbi.Timestamp.EncodeCall(id.ToArray())), BlockId.Latest, token));
        try
        {
            return Number(OfficerAbi.Timestamp.DecodeResult(result)[0]);
        }
        catch (Exception e) when (e is EvmFormatException or OverflowException)
        {
            throw WrongDeployment("The governor's timelock is none.");
        }
    }

    public void Dispose() => _provider.Dispose();

    private static ulong Number(object value) => (ulong)(UInt256)value;

    private static Hash256 Hash(object value) => new((byte[])value);

    private static CliException WrongDeployment(string why) => new(
        "WRONG_DEPLOYMENT", ExitCode.VerificationFailed,
        "The contracts on the chain are not those that were named.", why,
        "Check --deployment, and that --rpc is a node of the right chain.");
}
