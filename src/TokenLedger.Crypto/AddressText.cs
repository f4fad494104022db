// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Crypto;

/// <summary>What the text of an address turned out to be.</summary>
public enum AddressText
{
    /// <summary>Not 0x and 40 hexadecimal digits.</summary>
    Malformed,

    /// <summary>Upper and lower case are those of the EIP-55 checksum.</summary>
    Checksummed,

    /// <summary>All letters are lower case: nothing guards it against a slip of the pen.</summary>
    Unchecksummed,

    /// <summary>It carries a checksum, and the checksum is wrong. Never use such an address.</summary>
    WrongChecksum,
}
