// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Codec;

/// <summary>
/// Bytes that are not the canonical encoding of what was asked for. Scope: the message, never the process.
/// </summary>
public sealed class CanonicalFormatException : Exception
{
    /// <summary>Says what was wrong with the bytes.</summary>
    public CanonicalFormatException(string message)
        : base(message)
    {
    }
}
