// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title ERC-7943 for a fungible token, as the standard has it; its interface id is 0x3edbb4c4.
/// @author TokenLedger
/// @notice Freezing, forced transfers, and views by which others ask before they move anything.
interface IERC7943Fungible is IERC165 {
    /// @notice Units were taken from one account and given to another.
    /// @param from Who had them.
    /// @param to Who has them.
    /// @param amount How many.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);

    /// @notice So many units of an account may not leave it.
    /// @param account Whose.
    /// @param amount How many, from now on.
    event Frozen(address indexed account, uint256 amount);

    /// @notice The account may not send.
    /// @param account Whose.
    error ERC7943CannotSend(address account);

    /// @notice The account may not receive.
    /// @param account Whose.
    error ERC7943CannotReceive(address account);

    /// @notice A rule between the two forbids it.
    /// @param from The sender.
    /// @param to The receiver.
    /// @param amount How many units.
    error ERC7943CannotTransfer(address from, address to, uint256 amount);

    /// @notice The account has so many units, but not so many that are free.
    /// @param account Whose.
    /// @param amount How many were asked.
    /// @param unfrozen How many are free.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Takes units by authority.
    /// @param from Who has them.
    /// @param to Who gets them.
    /// @param amount How many.
    /// @return result True.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);

    /// @notice Sets how many units of an account are frozen; more than it has is allowed.
    /// @param account Whose.
    /// @param amount How many.
    /// @return result True.
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);

    /// @notice Whether the account may send at all. Never reverts.
    /// @param account Whose.
    /// @return allowed True if so.
    function canSend(address account) external view returns (bool allowed);

    /// @notice Whether the account may receive at all. Never reverts.
    /// @param account Whose.
    /// @return allowed True if so.
    function canReceive(address account) external view returns (bool allowed);

    /// @notice How many units are frozen. Never reverts.
    /// @param account Whose.
    /// @return amount How many, which may be more than it has.
    function getFrozenTokens(address account) external view returns (uint256 amount);

    /// @notice Whether this transfer would be done now. Never reverts.
    /// @param from The sender.
    /// @param to The receiver.
    /// @param amount How many units.
    /// @return allowed True if so.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}
