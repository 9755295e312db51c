"""What reaches what, through functions, objects and files: which function a call runs, what a value is made of."""
