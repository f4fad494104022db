// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using V1 = TokenLedger.Protocol.Bridge.V1;

namespace TokenLedger.Cli.Abroad;

/// <summary>
/// Asks the token abroad, before units are locked, whether a receiver may hold them there. It saves a lock
/// that would only come back: a node that lies, or is away, costs or spares no more than that.
/// </summary>
internal static class ReceiverCheck
{
    private static readonly AbiFunction Restriction =
        AbiFunction.Parse("detectTransferRestriction(address,address,uint256) returns (uint8)");

    /// <summary>Asks, and says when nobody could be asked.</summary>
    /// <param name="session">Its context may name a node for each chain.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="rpc">The node to ask; null for the context's.</param>
    /// <param name="asset">What is locked.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="amount">Atomic units.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="CliException">RECEIVER_REFUSED_ABROAD: the token refuses.</exception>
    public static async Task RunAsync(
        Session session, V1.Lane lane, string? rpc, AssetId asset, Address to, Amount amount,
        CancellationToken token)
    {
        rpc ??= session.Context?.Abroad.GetValueOrDefault(lane.Terms.ChainId);
        if (rpc is null)
        {
            session.Talk.Say(
                $"Nobody asked chain {lane.Terms.ChainId} whether {Eip55.Format(to)} may hold units there: "
                    + "no node of it is named, by --rpc or by abroad of the context.");
            return;
        }

        // What the ledger itself refuses, it says best.
        if (lane.Tokens.FirstOrDefault(one => one.Asset == asset.ToString()) is not { } abroad
            || to == Address.Zero || amount.IsZero)
        {
            return;
        }

        byte code;
        try
        {
            using ChainAbroad chain = ChainAbroad.Open(session, rpc, token);
            await chain.RequireChainAsync(lane.Terms.ChainId);
            byte[] call = Restriction.EncodeCall(Address.Zero, to, (UInt256)amount.Units);
            byte[] result = await chain.AskAsync((client, cancel) => client.CallAsync(
                new EvmCall(new Address(abroad.Token.Span), call), BlockId.Latest, cancel));
            code = (byte)(UInt256)Restriction.DecodeResult(result)[0];
        }
        catch (Exception e) when (e is CliException or EvmFormatException or EvmRpcException)
        {
            session.Talk.Warn(
                $"It could not be asked whether {Eip55.Format(to)} may hold units on chain "
                    + $"{lane.Terms.ChainId}: {e.Message} If it may not, the units come back after the "
                    + "deadline.");
            return;
        }

        if (code != 0)
        {
            (string name, string words) = RefusalCodes.Restriction(code);
            throw new CliException(
                "RECEIVER_REFUSED_ABROAD", ExitCode.RefusedByPolicy,
                $"The token on chain {lane.Terms.ChainId} refuses {Eip55.Format(to)}: {words} "
                    + $"({name}, {code}).",
                "Nothing was locked. What is locked for it comes back after the deadline, unless that "
                    + "changes.",
                "Have the receiver registered there, or lock all the same: --unchecked");
        }
    }
}
