// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Evm;

/// <summary>
/// Bytes or text that are not what Ethereum's formats allow. Scope: the message, never the process.
/// </summary>
public sealed class EvmFormatException : Exception
{
    /// <summary>Says what was wrong.</summary>
    public EvmFormatException(string message)
        : base(message)
    {
    }
}
