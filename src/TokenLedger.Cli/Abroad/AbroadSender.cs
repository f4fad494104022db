// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Abroad;

/// <summary>How a transaction abroad is paid for and waited for, as it is typed.</summary>
internal sealed class SendingOptions
{
    private const ulong DefaultTip = 2;
    private const ulong DefaultMaxFee = 1_000;
    private const ulong MostGwei = 1_000_000;
    private const ulong WeiPerGwei = 1_000_000_000;
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(5);

    private readonly Option<ulong> _tip = Gwei("--tip", DefaultTip, "To the block's proposer, in gwei");
    private readonly Option<ulong> _maxFee = Gwei("--max-fee", DefaultMaxFee, "In all, at most, in gwei");
    private readonly Option<string?> _wait =
        Inputs.Optional("--wait", "TIME", "How long to wait for a block with it (default 5m).");

    private readonly Option<bool> _replace = new("--replace")
    {
        Description = "Take the place of this key's transaction that waits in no block.",
    };

    public IEnumerable<Option> All => [_tip, _maxFee, _wait, _replace];

    public bool Replaces(Session session) => session.Value(_replace);

    public TimeSpan Wait(Session session) =>
        session.Value(_wait) is { } text ? Durations.Parse(text, "--wait") : DefaultWait;

    public FeePolicy Fees(Session session)
    {
        (ulong tip, ulong most) = (session.Value(_tip), session.Value(_maxFee));
        return tip <= most && most <= MostGwei
            ? new FeePolicy(tip * WeiPerGwei, most * WeiPerGwei)
            : throw CliException.Usage(
                $"--tip {tip} and --max-fee {most} are no offer.",
                $"The tip is a part of the whole fee, which is at most {MostGwei} gwei.");
    }

    private static Option<ulong> Gwei(string name, ulong otherwise, string description) => new(name)
    {
        Description = $"{description} for a unit of gas (default {otherwise}).",
        HelpName = "GWEI",
        DefaultValueFactory = _ => otherwise,
    };
}

/// <summary>Sends one transaction abroad from the key of --from, which pays, and waits for a block with
/// it.</summary>
internal sealed class AbroadSender(Session session, ChainAbroad chain, SendingOptions options) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private PrivateKey? _key;

    /// <summary>Sends a call.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="to">The contract.</param>
    /// <param name="data">The call.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>The receipt of a success.</returns>
    /// <exception cref="CliException">The contract refuses, the key has too little, or nothing tells whether
    /// it will happen.</exception>
    public async Task<EvmReceipt> SendAsync(
        ulong chainId, Address to, byte[] data, CancellationToken token) =>
        (await SendAllAsync(chainId, [(to, data)], token))[0];

    /// <summary>Sends calls that do not need each other: all are handed in before any is waited for.
    /// </summary>
    public async Task<EvmReceipt[]> SendAllAsync(
        ulong chainId, IReadOnlyList<(Address To, byte[] Data)> calls, CancellationToken token)
    {
        ulong nonce = await NonceAsync(Signer.AddressOf(session, session.From));
        var sent = new List<(EvmCall Call, Hash256 Hash)>();
        foreach ((Address to, byte[] data) in calls)
        {
            sent.Add(await BeginAsync(chainId, nonce + (ulong)sent.Count, to, data));
        }

        var receipts = new List<EvmReceipt>();
        foreach ((EvmCall call, Hash256 hash) in sent)
        {
            EvmReceipt receipt = await Progress.WhileAsync(
                session, $"Waiting for a block with 0x{hash.ToString()[..12]}",
                () => IncludedAsync(hash, token));
            receipts.Add(receipt.Succeeded ? receipt : throw await RevertedAsync(call, receipt));
        }

        return [.. receipts];
    }

    private async Task<(EvmCall Call, Hash256 Hash)> BeginAsync(
        ulong chainId, ulong nonce, Address to, byte[] data)
    {
        Address sender = Signer.AddressOf(session, session.From);
        var call = new EvmCall(to, data, sender);
        ulong gas = FeePolicy.GasLimit(await EstimateAsync(call));
        GasFees fees = await FeesAsync();
        UInt256 most = fees.MaxFeePerGas * gas;
        UInt256 balance = await chain.AskAsync((client, t) => client.BalanceAsync(sender, BlockId.Latest, t));
        if (balance < most)
        {
            throw new CliException(
                "INSUFFICIENT_FUNDS", ExitCode.Failed,
                $"{Eip55.Format(sender)} has {Ether(balance)} ether; this may cost {Ether(most)}.",
                "The key of --from pays the gas. Nothing was sent.",
                "Send it ether, pay with another key (--from), or offer less (--tip, --max-fee).");
        }

        SignedEip1559Transaction signed = new Eip1559Transaction
        {
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
            MaxFeePerGas = fees.MaxFeePerGas,
            GasLimit = gas,
            To = to,
            Data = [.. data],
        }.Sign(KeyOf(sender));
        await HandInAsync(signed);
        return (call, signed.Hash);
    }

    /// <summary>The transaction for people and programs.</summary>
    public static (JsonObject Json, (string, string)[] Lines) Show(string what, EvmReceipt receipt) => (
        new JsonObject
        {
            ["done"] = what,
            ["transaction"] = "0x" + receipt.TransactionHash,
            ["block"] = receipt.BlockNumber,
            ["gasUsed"] = receipt.GasUsed,
        },
        [
            ("done", what), ("transaction", receipt.TransactionHash.ToString()),
            ("block", $"{receipt.BlockNumber}; it is final when the chain says so of that block"),
            ("gas", $"{receipt.GasUsed}, {Ether(receipt.EffectiveGasPrice * receipt.GasUsed)} ether"),
        ]);

    public void Dispose() => _key?.Dispose();

    /// <summary>The key, whose password is asked for once.</summary>
    private PrivateKey KeyOf(Address sender)
    {
        _key ??= Signer.Open(session, session.From);
        return _key.Address == sender
            ? _key
            : throw new CliException(
                "WRONG_KEY", ExitCode.Auth, $"The keystore holds the key of {Eip55.Format(_key.Address)}.",
                $"It says that it holds that of {Eip55.Format(sender)}.", "tl key list");
    }

    private async Task<ulong> EstimateAsync(EvmCall call)
    {
        try
        {
            return await chain.AskAsync((client, t) => client.EstimateGasAsync(call, t));
        }
        catch (EvmRpcException e)
        {
            string reason = ContractErrors.Describe(e.RevertData.AsSpan());
            throw new CliException(
                "REFUSED_ABROAD", ExitCode.RefusedByPolicy,
                $"The contract would refuse it: {reason}. Nothing was sent.", Hint(reason),
                "tl bridge action status --deployment FILE --rpc URL");
        }
    }

    private async Task<GasFees> FeesAsync()
    {
        EvmBlockHeader? head =
            await chain.AskAsync(static (client, t) => client.BlockAsync(BlockId.Latest, t));
        UInt256 baseFee = head?.BaseFeePerGas ?? UInt256.Zero;
        FeePolicy policy = options.Fees(session);
        GasFees? fees = policy.First(baseFee);
        if (options.Replaces(session) && fees is { } first)
        {
            // Twice, as it is not known what was offered before.
            fees = policy.Replace(first, baseFee) is { } more ? policy.Replace(more, baseFee) : null;
        }

        return fees ?? throw new CliException(
            "FEE_TOO_HIGH", ExitCode.Failed, $"A unit of gas costs {baseFee} wei, near or above --max-fee.",
            "Nothing was sent.", "Wait, or pass a higher --max-fee.");
    }

    private async Task<ulong> NonceAsync(Address sender)
    {
        ulong latest = await chain.AskAsync((client, t) => client.NonceAsync(sender, BlockId.Latest, t));
        if (options.Replaces(session))
        {
            return latest;
        }

        ulong pending = await chain.AskAsync((client, t) => client.NonceAsync(sender, BlockId.Pending, t));
        if (pending > latest)
        {
            session.Talk.Warn(
                $"{pending - latest} of this key's transactions wait, and this comes after them; "
                + "--replace takes the place of the first.");
        }

        return pending;
    }

    private async Task HandInAsync(SignedEip1559Transaction signed)
    {
        try
        {
            await chain.AskAsync((client, t) => client.SendAsync(signed, t));
        }
        catch (CliException e) when (e.Code == "RPC_UNREACHABLE")
        {
            throw Unknown(signed.Hash, e.Why);
        }
        catch (EvmRpcException e)
        {
            throw new CliException(
                "RPC_REFUSED", ExitCode.Failed, $"The chain's node {chain.Name} refuses the transaction.",
                e.Message, "Try again, or another node: --rpc URL");
        }
    }

    private async Task<EvmReceipt> IncludedAsync(Hash256 hash, CancellationToken token)
    {
        TimeProvider time = session.Environment.Time;
        DateTimeOffset end = time.GetUtcNow() + options.Wait(session);
        while (true)
        {
            string why = "It stands in no block.";
            try
            {
                if (await chain.AskAsync((client, t) => client.ReceiptAsync(hash, t)) is { } receipt)
                {
                    return receipt;
                }
            }
            catch (CliException e)
            {
                // It was sent: a node that fails to answer now may answer in a moment.
                why = e.Why;
            }

            if (time.GetUtcNow() >= end)
            {
                throw Unknown(hash, why);
            }

            await Task.Delay(Poll, time, token);
        }
    }

    private async Task<CliException> RevertedAsync(EvmCall call, EvmReceipt receipt)
    {
        string reason = "out of gas, or something changed just before it";
        try
        {
            await chain.AskAsync((client, t) =>
                client.CallAsync(call, BlockId.Number(receipt.BlockNumber), t));
        }
        catch (EvmRpcException e)
        {
            reason = ContractErrors.Describe(e.RevertData.AsSpan());
        }

        return new CliException(
            "REVERTED_ABROAD", ExitCode.RefusedByPolicy, $"The contract refused it: {reason}.",
            $"Transaction 0x{receipt.TransactionHash} in block {receipt.BlockNumber} changed nothing.",
            "tl bridge action status --deployment FILE --rpc URL");
    }

    private static string Hint(string reason) => reason switch
    {
        _ when reason.StartsWith("AccessManagedUnauthorized", StringComparison.Ordinal) =>
            "The key of --from has not the role that this takes.",
        _ when reason.StartsWith("NoRecovery", StringComparison.Ordinal) => "No recovery is under way.",
        _ when reason.StartsWith("FailedCall", StringComparison.Ordinal) =>
            "What was proposed cannot be done.",
        _ => "",
    };

    private static CliException Unknown(Hash256 hash, string why) => new(
        "OUTCOME_UNKNOWN", ExitCode.OutcomeUnknown,
        $"Transaction 0x{hash} was sent; nothing tells whether it will happen.", why,
        "Look for it on the chain; then the same command with --replace, which offers more.");

    private static string Ether(UInt256 wei)
    {
        const int Decimals = 18;
        string digits = wei.ToString().PadLeft(Decimals + 1, '0');
        string fraction = digits[^Decimals..].TrimEnd('0');
        return digits[..^Decimals] + (fraction.Length == 0 ? "" : "." + fraction);
    }
}
