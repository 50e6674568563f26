"""The sandbox's story: who works there and whom they have lost. All of it is made up."""
