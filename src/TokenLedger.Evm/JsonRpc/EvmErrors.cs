// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Evm;

/// <summary>A call to one provider that gave no result. Scope: the call.</summary>
public abstract class EvmCallException : Exception
{
    private protected EvmCallException(string provider, string message, Exception? inner = null)
        : base($"{provider}: {message}", inner) => Provider = provider;

    /// <summary>The provider's name.</summary>
    public string Provider { get; }

    /// <summary>True if the same call may well succeed a while later.</summary>
    public abstract bool IsTransient { get; }
}

/// <summary>The provider could not be reached, or gave no whole answer in time.</summary>
public sealed class EvmTransportException : EvmCallException
{
    internal EvmTransportException(
        string provider, string message, bool isTransient = true, Exception? inner = null)
        : base(provider, message, inner) => IsTransient = isTransient;

    /// <inheritdoc/>
    /// <remarks>False for a status that says that the request itself is at fault, e.g. a wrong key.</remarks>
    public override bool IsTransient { get; }
}

/// <summary>The provider answered that it will not do this, e.g. because a call reverts.</summary>
public sealed class EvmRpcException : EvmCallException
{
    // Of JSON-RPC and of EIP-1474; and of execution-apis for a revert.
    private const int Reverted = 3;
    private const int Internal = -32603;
    private const int ResourceUnavailable = -32002;
    private const int LimitExceeded = -32005;

    internal EvmRpcException(string provider, int code, string text, ImmutableArray<byte> revertData)
        : base(
            provider,
            $"{text} ({code})"
                + (revertData.IsEmpty ? "" : $": {ContractErrors.Describe(revertData.AsSpan())}")) =>
        (Code, Text, RevertData) = (code, text, revertData);

    /// <summary>JSON-RPC's code, e.g. −32000.</summary>
    public int Code { get; }

    /// <summary>What the provider says, shortened.</summary>
    public string Text { get; }

    /// <summary>What a reverted call returned; empty if nothing.</summary>
    public ImmutableArray<byte> RevertData { get; }

    /// <summary>True if the contract refused, and not the provider.</summary>
    public bool IsRevert => Code == Reverted || !RevertData.IsEmpty;

    /// <inheritdoc/>
    public override bool IsTransient => Code is Internal or ResourceUnavailable or LimitExceeded;
}

/// <summary>The provider's answer is not what the call can have: broken, or a lie.</summary>
public sealed class EvmAnswerException : EvmCallException
{
    internal EvmAnswerException(
        string provider, string message, bool isTooLarge = false, Exception? inner = null)
        : base(provider, message, inner) => IsTooLarge = isTooLarge;

    /// <summary>True if the answer was above <see cref="EvmLimits.AnswerBytes"/>.</summary>
    public bool IsTooLarge { get; }

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
