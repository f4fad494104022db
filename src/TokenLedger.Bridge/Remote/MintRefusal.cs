// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>The bridge abroad left an item of a batch out. The lock stays open: its message is carried again.
/// Nothing is decided by it: it is for people.</summary>
/// <param name="Nonce">The lock.</param>
/// <param name="Reason">By <see cref="RefusalCodes"/>.</param>
/// <param name="Place">Where.</param>
public sealed record MintRefusal(ulong Nonce, byte Reason, BridgePlace Place)
{
    /// <summary>The reason's name and what it means.</summary>
    public override string ToString()
    {
        (string name, string words) = RefusalCodes.Reason(Reason);
        return $"{words} ({name}, {Reason})";
    }
}
